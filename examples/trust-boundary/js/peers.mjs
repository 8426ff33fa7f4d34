// Packets from peer to peer: one secret a pair, which the hub between them does not have.

export class Peers {
  #hub;
  #name;
  #expected;
  #signers = new Map();
  #verifiers = new Map();
  #received = new Map();
  #done = Promise.withResolvers?.() ?? withResolvers();

  constructor(sdk, { name, pairs, payloads, max_ahead: maxAhead }, hub) {
    this.#hub = hub;
    this.#name = name;
    this.#expected = payloads.map((payload) => sdk.canonicalJson(payload));
    const guard = new sdk.MemoryReplayGuard({ start: Math.floor(Date.now() / 1000) });
    for (const { peer, id, secret } of pairs) {
      this.#signers.set(peer, new sdk.PacketSigner(new sdk.Key(id, { secret, owner: name })));
      const ring = new sdk.Keyring([new sdk.Key(id, { secret, owner: peer })]);
      this.#verifiers.set(peer, new sdk.PacketVerifier(ring, { guard, maxAhead }));
      this.#received.set(peer, 0);
    }
    // A fault before anyone awaits it is no less a fault.
    this.#done.promise.catch(() => {});
  }

  names() {
    return [...this.#signers.keys()];
  }

  sign(peer, json) {
    return this.#signers.get(peer).signJson(json, { context: `${this.#name}>${peer}:note` });
  }

  /** Takes what the hub delivered. The packet inside is its sender's, and is verified as such. */
  receive(delivery) {
    try {
      const { from, event, packet } = this.#hub.verify(delivery.event, delivery.packet).payload;
      const { payloadText } = this.#verifiers.get(from).verify(packet, { context: `${from}>${this.#name}:${event}` });
      const count = this.#received.get(from);
      if (payloadText !== this.#expected[count]) throw new Error(`payload ${count + 1} of ${from} came changed`);
      this.#received.set(from, count + 1);
    } catch (fault) {
      this.#done.reject(fault);
    }
    if ([...this.#received.values()].every((count) => count === this.#expected.length)) this.#done.resolve();
  }

  /** How many packets of each peer were verified, once all have come. */
  async all() {
    await this.#done.promise;
    return Object.fromEntries(this.#received);
  }
}

function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

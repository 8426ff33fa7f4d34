// A client of the hub, the same in Node and in browsers: each signs what it sends and verifies what it is answered.

export const HUB = 'hub';

/** What the hub says of a refusal: a class and a status, never the reason. */
export class Refused extends Error {
  constructor({ status, error }) {
    super(`refused: ${error} (${status})`);
    this.status = status;
  }
}

export class Hub {
  #sdk;
  #signer;
  #verifier;
  #counter = 0;

  /** `sdk` is the package's module; `setup` the party's name and the key that it shares with the hub. */
  constructor(sdk, { name, port, key, max_ahead: maxAhead }) {
    this.#sdk = sdk;
    this.name = name;
    this.base = `http://127.0.0.1:${port}`;
    this.#signer = new sdk.PacketSigner(new sdk.Key(key.id, { secret: key.secret, owner: name }), { bodyLimit: BODY_LIMIT });
    // The same secret, held by the other side: what it signs is the hub's.
    const ring = new sdk.Keyring([new sdk.Key(key.id, { secret: key.secret, owner: HUB })]);
    const guard = new sdk.MemoryReplayGuard({ start: Math.floor(Date.now() / 1000) });
    this.#verifier = new sdk.PacketVerifier(ring, { guard, maxAhead, bodyLimit: BODY_LIMIT });
  }

  /** Asks for a token. The request is itself signed: without a key there is none. */
  async requestToken(wanted = {}) {
    const { payload } = await this.send('token', JSON.stringify(wanted), {});
    return payload.token;
  }

  /** Sends JSON text over HTTP. Returns the verified answer. */
  async send(event, json, { token }) {
    const nonce = this.#sdk.generateNonce();
    const { told, packet } = await this.post({ event, token, packet: this.sign(event, json, { nonce }) });
    if (packet === undefined) throw new Refused(told);
    return this.verifyAnswer(event, nonce, packet);
  }

  /** Posts a packet as it stands. Returns what the hub told, and its packet where it accepted ours. */
  async post({ event, token, packet, name = this.name }) {
    const request = this.nextRequest();
    const headers = { 'content-type': 'application/json', 'x-request-id': request };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    const response = await fetch(`${this.base}/clients/${name}/events/${event}`, { method: 'POST', headers, body: packet });
    const body = await response.text();
    if (response.ok) return { request, told: { status: response.status }, packet: body };
    return { request, told: { status: response.status, ...JSON.parse(body) } };
  }

  sign(event, json, options = {}) {
    return this.#signer.signJson(json, { context: `${this.name}>${HUB}:${event}`, ...options });
  }

  verify(event, packet) {
    return this.#verifier.verify(packet, { context: `${HUB}>${this.name}:${event}` });
  }

  /** An answer's context names the nonce that it answers: another request's answer does not pass. */
  verifyAnswer(event, nonce, packet) {
    return this.verify(`${event}@${nonce}`, packet);
  }

  newNonce() {
    return this.#sdk.generateNonce();
  }

  nextRequest() {
    return `${this.name}.${++this.#counter}`;
  }
}

// A relayed packet travels as text inside another.
const BODY_LIMIT = 4 * 1024 * 1024;

// An attacker: one connection to the hub, made by hand. It signs with whatever key it has, sends what it likes, and verifies nothing.

import { generateNonce, Key, PacketSigner } from 'counterseal';
import { io } from 'socket.io-client';
import { Heard } from './heard.mjs';

export class Attacker {
  /** What the hub said, in order: each an event and its arguments. */
  heard = new Heard();
  /** The session's id, once it is known. */
  session;
  #socket;
  #identity;

  /** `handshake` is what it connects with, whatever that is: by default a fresh nonce and the identity's token. */
  constructor(t, identity, { namespace = '/engine', handshake = { nonce: generateNonce(), token: identity.token } } = {}) {
    this.#identity = identity;
    this.#socket = io(`${identity.url}${namespace}`, { auth: handshake, transports: ['websocket'], forceNew: true, reconnection: false });
    this.#socket.onAny((...happening) => this.heard.add(happening));
    this.#socket.on('disconnect', (reason) => this.heard.add(['disconnect', reason]));
    this.#socket.on('connect_error', ({ message }) => this.heard.add(['connect_error', message]));
    t.after(() => this.#socket.disconnect());
  }

  /** Waits for the welcome, and believes it. Returns this. */
  async welcomed() {
    const [, welcome] = await this.hears('welcome');
    this.session = welcome.payload.session;
    return this;
  }

  /** Waits until a genuine status of its own is received. Returns that status's packet. */
  async proved() {
    await this.welcomed();
    const packet = this.sign('engine_status', { status: 'IDLE', receipt: true });
    this.send('engine_status', packet);
    await this.hears('received', (receipt) => receipt.payload.nonce === packet.nonce);
    return packet;
  }

  /** A packet of this session, or of what else `other` names: see `signed`. */
  sign(event, payload, other) {
    return signed(this.#identity, this.session, event, payload, other);
  }

  /** Sends an event with these arguments. */
  send(event, ...parts) {
    this.#socket.emit(event, ...parts);
  }

  /** Does something whenever an event of that name comes. */
  on(event, act) {
    this.#socket.on(event, act);
  }

  /** The first event of that name, as it came. */
  hears(event, wanted = () => true, from = 0) {
    return this.heard.first(event, ([name, ...parts]) => name === event && wanted(...parts), from);
  }

  /** Waits until the connection has ended. */
  ended() {
    return this.heard.first('the end', ([event]) => event === 'disconnect' || event === 'connect_error');
  }

  /** What it was told of its refusal, and whatever else it heard that the hub did not sign. */
  told() {
    return this.heard.all.filter(([event, ...parts]) => event !== 'disconnect' && !isSigned(parts));
  }
}

/** A packet as that engine signs it in that session, but for what `other` names: `key_id` and `secret`, `from`, `to` and `session`, `now` and `nonce`. */
export function signed(identity, session, event, payload, other = {}) {
  const { name, key_id: id, secret, server, from = name, to = server, session: at, now, nonce } = { ...identity, session, ...other };
  const signer = new PacketSigner(new Key(id, { secret, owner: name }));
  return signer.sign(payload, { context: `${from}>${to}:${event}@${at}`, now, nonce });
}

/** Whether it is one argument, and a packet. */
function isSigned(parts) {
  return parts.length === 1 && typeof parts[0]?.sig === 'string';
}

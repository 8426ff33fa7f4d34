// An engine's connection to its server: Socket.IO carries it, a session signs and verifies every event, and each reconnection is a new session.

import { CountersealError, Key, Keyring, Session } from 'counterseal';
import { io } from 'socket.io-client';

export class Connection {
  #key;
  #options;
  #token;
  #socket;
  #hooks;
  #session;
  #heartbeat;
  #reconnect;
  #failures = 0;

  /**
   * `identity` is what the operator gave: `name`, `key_id`, `secret`, `server`, `token`. `url` is the server's. `onEvent(event, payload)` gets
   * what the server sent, verified; `onChange(happening)` what becomes of the connection, an object to log.
   */
  constructor({ identity, url, onEvent, onChange }) {
    const { name, key_id: id, secret, server, token } = identity;
    this.#key = new Key(id, { secret, owner: name });
    // The same secret, held by the other side: what it signs is the server's.
    this.#options = { server, keyring: new Keyring([new Key(server, { secret, owner: server })]) };
    this.#token = token;
    this.#hooks = { onEvent, onChange };
    this.#socket = io(`${url}/engine`, {
      auth: (give) => give(this.#begin()),
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      // Its own reconnecting stops when a server disconnects, and knows nothing of refusals: `#end` reconnects after any end.
      reconnection: false,
    });
    this.#socket.onAny((event, packet) => this.#receive(event, packet));
    this.#socket.on('disconnect', (reason) => this.#end(reason));
    this.#socket.on('connect_error', (error) => this.#end(error.message));
  }

  /** Connects, and stays connected until `close`. */
  open() {
    this.#socket.connect();
  }

  /** Signs an event and sends it. Returns the packet's nonce, or nothing while there is no session. */
  send(event, payload) {
    if (this.#session?.state !== 'open') return undefined;
    let packet;
    try {
      packet = this.#session.sign(event, payload);
    } catch (error) {
      if (this.#session.state !== 'ended') throw error;
      this.#end('refused here', { code: error.code });
      return undefined;
    }
    this.#socket.emit(event, packet);
    return packet.nonce;
  }

  /** Ends it for good. */
  close() {
    clearTimeout(this.#reconnect);
    this.#reconnect = CLOSED;
    this.#leave();
  }

  /** A new session for each connection; Socket.IO sends its handshake, with the newest token. */
  #begin() {
    this.#session = Session.client(this.#key, this.#options);
    this.#schedule();
    return this.#session.handshake(this.#token);
  }

  #receive(event, packet) {
    if (this.#session === undefined) return;
    if (event === 'refused') {
      // Not signed, so nothing of it is believed; a forger could as well have cut the line.
      this.#hooks.onChange({ event: 'refused', ...shownRefusal(packet) });
      return this.#end('refused');
    }
    const verified = this.#judge(() => (event === 'welcome' ? this.#session.establish(packet) : this.#session.verify(event, packet)), packet);
    if (this.#session?.state !== 'open') return;
    if (event === 'welcome') this.#hooks.onChange({ event: 'connected', server: this.#session.peer, session: this.#session.id });
    else this.#take(event, verified.payload);
  }

  #take(event, payload) {
    this.#failures = 0;
    if (event === 'heartbeat') return;
    if (event !== 'token') return this.#hooks.onEvent(event, payload);
    this.#token = payload.token;
    this.#hooks.onChange({ event: 'token_renewed' });
  }

  /** Runs a call of the session. What it refuses ends the connection: an impostor, a forged packet, a silent peer. */
  #judge(call, packet) {
    try {
      const answer = call();
      this.#schedule();
      return answer;
    } catch (error) {
      if (!(error instanceof CountersealError)) throw error;
      // The server's signature was good, so its time may be believed.
      const untimely = ['expired', 'not_yet_valid'].includes(error.code) && packet !== undefined;
      this.#end('refused here', { code: error.code, ...(untimely && clockAhead(packet.ts)) });
    }
  }

  /** The session says when it wants to be asked again; it keeps no timer itself. */
  #schedule() {
    clearTimeout(this.#heartbeat);
    const wait = this.#session.deadline * 1000 - Date.now();
    this.#heartbeat = setTimeout(() => this.#judge(() => this.#poll()), Math.max(wait, 0));
  }

  #poll() {
    if (this.#session.poll()) this.#socket.emit('heartbeat', this.#session.heartbeat());
  }

  /** However a connection ends, another is tried: each failure in a row doubles the wait. */
  #end(reason, more) {
    if (this.#reconnect !== undefined) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures++, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
    this.#reconnect = setTimeout(() => {
      this.#reconnect = undefined;
      this.#socket.connect();
    }, wait);
    this.#leave();
    this.#hooks.onChange({ event: 'disconnected', reason, ...more, retry_in: Math.round(wait) / 1000 });
  }

  #leave() {
    clearTimeout(this.#heartbeat);
    this.#session?.close();
    this.#session = undefined;
    this.#socket.disconnect();
  }
}

/** What was told of a refusal, as far as it is what it should be. */
function shownRefusal(told) {
  const { class: kind, status, now } = told ?? {};
  return {
    class: typeof kind === 'string' ? kind : undefined,
    status: typeof status === 'number' ? status : undefined,
    ...(typeof now === 'number' && clockAhead(now)),
  };
}

/** By how many seconds our clock is ahead of the server's; negative if it is behind. */
function clockAhead(serverTime) {
  return { clock_ahead: Math.floor(Date.now() / 1000) - serverTime };
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const CLOSED = -1;

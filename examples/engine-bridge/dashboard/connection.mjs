// One connection to the hub. Nothing that arrives on it is handed on before the session has verified it.

import { CountersealError, Session } from '/sdk/dist/inline.js';
import { io } from '/socket.io-client/socket.io.esm.min.js';

export class Connection {
  #session;
  #socket;
  #handlers;
  #timer;
  #ended = false;

  /**
   * Connects with a ticket. `handlers`: `opened()`, once the hub has proved itself; `received(event, payload)`, verified; `ended(why)`, once, with
   * `kind` `unverified` (and `code`, `event`), `refused` (and what the answer said: `class`, `status`, `now`), `lost`, or `fault`.
   */
  constructor(ticket, handlers) {
    this.#handlers = handlers;
    this.#session = Session.client(ticket.key, { server: ticket.server, keyring: ticket.serverKeys });
    // Never again by itself: each connection is a session of its own.
    this.#socket = io('/dashboard', {
      auth: this.#session.handshake(ticket.token),
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
    });
    this.#socket.onAny((event, ...given) => this.#arrived(event, given));
    this.#socket.on('connect_error', () => this.#end({ kind: 'lost' }));
    this.#socket.on('disconnect', () => this.#end({ kind: 'lost' }));
    this.#wake();
  }

  /** The id that binds every packet to this connection. */
  get id() {
    return this.#session.id;
  }

  /** Signs an event and sends it. */
  send(event, payload) {
    this.#guarded(event, () => this.#socket.emit(event, this.#session.sign(event, payload)));
  }

  /** Ends it from this side; `ended` is not called. */
  close() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#session.close();
    this.#socket.disconnect();
  }

  #arrived(event, given) {
    if (this.#ended) return;
    if (event === 'refused') return this.#end({ kind: 'refused', ...refusalIn(given[0]) });
    this.#guarded(event, () => {
      // An event has one argument, and all of it is signed.
      const packet = given.length === 1 ? given[0] : given;
      if (event === 'welcome') this.#welcomed(packet);
      else this.#verified(event, packet);
      // A hidden page's timers are held back; what arrives is not, so heartbeats go out with it.
      this.#poll();
    });
  }

  #welcomed(packet) {
    this.#session.establish(packet);
    this.#handlers.opened();
  }

  #verified(event, packet) {
    const { payload } = this.#session.verify(event, packet);
    this.#handlers.received(event, payload);
  }

  #poll() {
    if (this.#ended) return;
    if (this.#session.poll()) this.#socket.emit('heartbeat', this.#session.heartbeat());
    this.#wake();
  }

  #wake() {
    clearTimeout(this.#timer);
    const { deadline } = this.#session;
    if (deadline === undefined) return;
    this.#timer = setTimeout(() => this.#guarded('heartbeat', () => this.#poll()), Math.max(0, deadline * 1000 - Date.now()));
  }

  #guarded(event, act) {
    try {
      act();
    } catch (error) {
      if (!(error instanceof CountersealError)) console.error(error);
      this.#end(error instanceof CountersealError ? { kind: 'unverified', code: error.code, event } : { kind: 'fault' });
    }
  }

  #end(why) {
    if (this.#ended) return;
    this.close();
    this.#handlers.ended(why);
  }
}

/** What a refusal says. Nobody has signed it: it is told as an answer that came, and only in the forms that it may have. */
function refusalIn(given) {
  const { class: klass, status, now } = Object(given);
  return {
    class: typeof klass === 'string' && /^[a-z_]{1,32}$/.test(klass) ? klass : 'no class',
    status: Number.isInteger(status) && status >= 400 && status < 600 ? status : 'no status',
    now: Number.isSafeInteger(now) && now >= 0 ? now : undefined,
  };
}

// An engine of the soak: the example's own connection, and a status now and then, each with a mark that nobody else knows.

import { generateNonce } from 'counterseal';
import { Connection } from '../node/connection.mjs';

export class Engine {
  #name;
  #connection;
  #journal;
  #opened = () => {};
  #connected = false;
  #timer;
  #waiting = new Map();

  constructor(identity, journal) {
    this.#name = identity.name;
    this.#journal = journal;
    const onEvent = (event, payload) => this.#event(event, payload);
    this.#connection = new Connection({ identity, url: identity.url, onEvent, onChange: (happening) => this.#change(happening) });
  }

  /** Resolves when it is connected for the first time. */
  open() {
    this.#connection.open();
    return new Promise((resolve) => (this.#opened = resolve));
  }

  /** Sends a status that often, in milliseconds, beginning somewhere within the first. */
  work(every) {
    this.#timer = setTimeout(() => {
      this.#timer = setInterval(() => this.#status(), every);
      this.#status();
    }, Math.random() * every);
  }

  /** Sends no more. */
  rest() {
    clearTimeout(this.#timer);
  }

  /** Whether it is connected and waits for no receipt that may still come. */
  isSettled() {
    return this.#connected && !this.#isWaiting();
  }

  close() {
    this.#lose();
    this.#connection.close();
  }

  /** The next is not sent before the last is answered: a machine that is slow is not made slower, and no packet grows old on its way. */
  #status() {
    if (!this.#connected || this.#isWaiting()) return;
    const status = generateNonce();
    this.#journal.sending(this.#name, status);
    const since = performance.now();
    const nonce = this.#connection.send('engine_status', { status, receipt: true });
    if (nonce === undefined) this.#journal.unsent(this.#name, status);
    else this.#waiting.set(nonce, { status, since });
  }

  #event(event, { nonce }) {
    const now = performance.now();
    const sent = event === 'received' ? this.#waiting.get(nonce) : undefined;
    if (sent === undefined) return;
    this.#waiting.delete(nonce);
    this.#journal.receipt(this.#name, sent.status, nonce, Math.round((now - sent.since) * 1000));
  }

  #change({ event, session, reason, code }) {
    if (event === 'refused') this.#journal.refused(this.#name);
    if (event === 'connected') {
      this.#connected = true;
      // Before its first packet, by which the server knows it.
      this.#journal.connected(this.#name, session);
      this.#opened();
    }
    if (event === 'disconnected') {
      this.#connected = false;
      this.#lose();
      this.#journal.ended(this.#name, reason, code);
    }
  }

  #isWaiting() {
    const since = performance.now() - PATIENCE_MS;
    return [...this.#waiting.values()].some((sent) => sent.since > since);
  }

  #lose() {
    for (const { status } of this.#waiting.values()) this.#journal.lost(this.#name, status);
    this.#waiting.clear();
  }
}

const PATIENCE_MS = 10_000;

// What one process of the soak says that it did, one line each, written before it is done: a process that is killed has still said it.

import { openSync, writeSync } from 'node:fs';

export class Journal {
  #file;

  constructor(path) {
    this.#file = openSync(path, 'a');
    this.#write(['begun']);
  }

  /** An engine has an open session. */
  connected(engine, session) {
    this.#write(['connected', engine, session]);
  }

  /** An engine's connection ended; `code` is there if the engine itself refused what came. */
  ended(engine, reason, code) {
    this.#write(['ended', engine, reason, code]);
  }

  /** An engine was told that it is refused. */
  refused(engine) {
    this.#write(['refused', engine]);
  }

  /** An engine is about to send a status, which nobody else knows. */
  sending(engine, status) {
    this.#write(['sending', engine, status]);
  }

  /** It was not sent after all. */
  unsent(engine, status) {
    this.#write(['unsent', engine, status]);
  }

  /** An engine verified the receipt of a status, so many microseconds after it was sent. */
  receipt(engine, status, nonce, microseconds) {
    this.#write(['receipt', engine, status, nonce, microseconds]);
  }

  /** A connection ended before the receipt came: the server may have had the status or not. */
  lost(engine, status) {
    this.#write(['lost', engine, status]);
  }

  /** A connection was cut, without a goodbye. */
  cut() {
    this.#write(['cut']);
  }

  #write(entry) {
    writeSync(this.#file, JSON.stringify(entry) + '\n');
  }
}

// Many engines in one process. The first line of standard input is the setup, `{ identities, journal }`; then `work` and `rest` are asked for,
// each answered by a line once it is so. It ends when standard input does.

import { subscribe } from 'node:diagnostics_channel';
import { createInterface } from 'node:readline';
import { Engine } from './engine.mjs';
import { Journal } from './journal.mjs';

class Engines {
  #engines;
  #journal;
  #lines = new Set();
  #cutter;

  constructor({ identities, journal }) {
    this.#journal = new Journal(journal);
    // Whatever library opened a socket, it is here that one can be cut.
    subscribe('net.client.socket', ({ socket }) => {
      this.#lines.add(socket);
      socket.once('close', () => this.#lines.delete(socket));
    });
    this.#engines = identities.map((identity) => new Engine(identity, this.#journal));
    this.#connectAll();
  }

  /** A few at once: a handshake that waits behind a thousand others comes too late. */
  async #connectAll() {
    const left = [...this.#engines];
    const next = async () => {
      for (let engine = left.pop(); engine !== undefined; engine = left.pop()) await engine.open();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    say({ connected: this.#engines.length });
  }

  /** Each sends a status that often, and so many connections are cut within the time, evenly. */
  work({ every, cuts, seconds }) {
    for (const engine of this.#engines) engine.work(every);
    if (cuts > 0) this.#cutter = setInterval(() => --cuts < 0 || this.#cut(cuts), (seconds * 1000) / (cuts + 1));
    say({ working: true });
  }

  /** No more statuses; waits for the receipts that may still come, and for each engine to be connected. */
  rest() {
    clearInterval(this.#cutter);
    for (const engine of this.#engines) engine.rest();
    const looking = setInterval(() => {
      if (!this.#engines.every((engine) => engine.isSettled())) return;
      clearInterval(looking);
      say({ rested: this.#engines.length });
    }, LOOK_MS);
  }

  close() {
    for (const engine of this.#engines) engine.close();
  }

  /** By turns as a machine that falls silent leaves it, and as one that resets it. Neither says goodbye. */
  #cut(number) {
    const line = [...this.#lines][Math.floor(Math.random() * this.#lines.size)];
    if (line === undefined) return;
    this.#journal.cut();
    if (number % 2 === 0) line.destroy();
    else line.resetAndDestroy();
  }
}

function say(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

const AT_ONCE = 10;
const LOOK_MS = 50;

let engines;
for await (const line of createInterface({ input: process.stdin })) {
  const value = JSON.parse(line);
  if (engines === undefined) engines = new Engines(value);
  else if (value.work !== undefined) engines.work(value.work);
  else engines.rest();
}
engines?.close();

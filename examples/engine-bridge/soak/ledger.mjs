// The journals of all processes, added up.

import { readFileSync } from 'node:fs';

/** Reads journals, `{ name, file }` each. */
export function readLedger(journals) {
  const ledger = new Ledger();
  for (const { name, file } of journals) ledger.add(name, readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)));
  return ledger;
}

export class Ledger {
  /** The status of each packet that was sent, and by whom. */
  sent = new Map();
  /** Of each status whose receipt was verified: `engine`, `nonce`, `microseconds`, and the `group` it came from. */
  receipts = new Map();
  /** Statuses of which no receipt could come: their connection was cut, or their process killed. */
  lost = new Set();
  /** The id of each session that was opened, and whose it was. */
  sessions = new Map();
  /** Who was told that it is refused, once for each time. */
  refused = [];
  /** `{ engine, code }` of what engines refused themselves. */
  refusedHere = [];
  /** Why connections ended, counted. */
  endings = new Map();
  cuts = 0;
  kills = 0;
  #waiting = new Map();

  /** Adds the entries of one journal. */
  add(group, entries) {
    this.#waiting.clear();
    entries.forEach(([what, ...rest], at) => this.#take(group, what, rest, at === 0));
  }

  #take(group, what, [engine, status, ...more], isFirst) {
    switch (what) {
      case 'begun':
        if (!isFirst) this.#kill();
        break;
      case 'connected':
        this.sessions.set(status, engine);
        break;
      case 'ended':
        this.endings.set(status, (this.endings.get(status) ?? 0) + 1);
        if (more[0] != null) this.refusedHere.push({ engine, code: more[0] });
        break;
      case 'refused':
        this.refused.push(engine);
        break;
      case 'sending':
        this.sent.set(status, engine);
        this.#waiting.set(status, engine);
        break;
      case 'unsent':
        this.sent.delete(status);
        this.#waiting.delete(status);
        break;
      case 'receipt':
        this.receipts.set(status, { engine, nonce: more[0], microseconds: more[1], group });
        this.#waiting.delete(status);
        break;
      case 'lost':
        this.lost.add(status);
        this.#waiting.delete(status);
        break;
      case 'cut':
        this.cuts += 1;
        break;
      default:
        throw new Error(`a journal says ${what}, which it cannot`);
    }
  }

  /** A process began a journal that was there: its predecessor was killed, and with it what it waited for. */
  #kill() {
    this.kills += 1;
    for (const status of this.#waiting.keys()) this.lost.add(status);
    this.#waiting.clear();
  }
}

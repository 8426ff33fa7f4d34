// The forger, a process of its own. The first line of standard input is its setup, `{ port, owns, journal }`; it answers with the address at
// which it listens in, to which the tapped engines connect. Asked to `hammer`, it tries one thing after the other, on two connections
// at once for each identity of its own, each as soon as the last was refused; asked to `rest`, it tells what it tried.

import { createInterface } from 'node:readline';
import { Raw } from '../test/raw.mjs';
import { Wire } from '../test/wire.mjs';
import { ENDS, FORGERIES, FRAMES } from './attempts.mjs';
import { Journal } from './journal.mjs';

class Forger {
  #port;
  #owns;
  #journal;
  #wire;
  #lanes;
  #resting = false;
  #tally = {};
  #faults = {};

  constructor({ port, owns, journal }) {
    this.#port = port;
    this.#owns = owns;
    this.#journal = new Journal(journal);
  }

  async listenIn() {
    // It is cut when this process ends.
    this.#wire = await Wire.to({ after: () => {} }, this.#port);
    say({ tapped: this.#wire.url });
  }

  async hammer() {
    const loot = await this.#listen();
    this.#lanes = this.#owns.flatMap((own, number) => {
      const robbed = { ...loot[number % loot.length], own, journal: this.#journal };
      return [FORGERIES, FRAMES].map((attempts) => this.#hammer(Object.entries(attempts), robbed));
    });
    say({ hammering: loot.length });
  }

  async rest() {
    this.#resting = true;
    await Promise.all(this.#lanes);
    say({ tried: this.#tally, faults: this.#faults });
  }

  /** What was heard of each engine, once that is enough. */
  async #listen() {
    for (;;) {
      const loot = this.#loot();
      if (loot.every(({ status, heartbeat }) => status !== undefined && heartbeat !== undefined)) return loot;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Of each engine its newest token, a status and a heartbeat. */
  #loot() {
    const heard = (event) => this.#wire.said.filter((text) => text.startsWith(`42/engine,["${event}",`)).map((text) => JSON.parse(text.slice(10))[1]);
    const [statuses, heartbeats] = [heard('engine_status'), heard('heartbeat')];
    return this.#wire.handshakes().map(({ token }) => {
      const name = JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).engineId;
      const of = (packets) => packets.findLast(({ kid }) => kid === `${name}.0`);
      return { token, name, status: of(statuses), heartbeat: of(heartbeats) };
    });
  }

  async #hammer(attempts, loot) {
    for (let turn = 0; !this.#resting; turn++) await this.#attempt(...attempts[turn % attempts.length], loot);
  }

  async #attempt(name, attempt, loot) {
    const tally = (this.#tally[name] ??= { tried: 0, refused: 0, told: 0 });
    tally.tried += 1;
    const ends = [];
    try {
      const line = await Raw.opened({ after: (end) => ends.push(end) }, this.#port);
      await attempt(line, loot);
      const [end] = await line.heard.first('its end', ([event]) => ENDS.includes(event));
      tally.refused += 1;
      if (end === 'refused') tally.told += 1;
    } catch (error) {
      const what = `${name}: ${error.message}`;
      this.#faults[what] = (this.#faults[what] ?? 0) + 1;
    } finally {
      for (const end of ends) end();
    }
  }
}

function say(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

const LOOK_MS = 50;

let forger;
for await (const line of createInterface({ input: process.stdin })) {
  const value = JSON.parse(line);
  if (forger === undefined) {
    forger = new Forger(value);
    await forger.listenIn();
  } else if (value.hammer !== undefined) await forger.hammer();
  else await forger.rest();
}
process.exit();

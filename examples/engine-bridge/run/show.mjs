// The server, two engines and an attacker: started, at work, ended.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { attack } from './attacker.mjs';
import { Hub } from './hub.mjs';
import { Jobs } from './jobs.mjs';
import { Program } from './program.mjs';
import { happening } from './text.mjs';

export const ENGINES = [
  { name: 'engine-7', language: 'Node', script: 'node/engine.mjs' },
  { name: 'engine-8', language: 'Python', script: 'python/engine.py' },
];
export const ATTACKER = 'engine-13';

export class Show {
  #hub;
  #say;
  #identities = {};
  #engines = {};
  #earlier;
  #sent = [];
  #told = {};

  /** Starts the server on the folder `state`, and the engines; waits until each has its first receipt. */
  static async start({ server, python, port }, state, say) {
    say('starting the server');
    const show = new Show(await Hub.start({ file: server, state, port, say }), say);
    try {
      say(`it listens on ${show.#hub.url}; starting the engines`);
      await show.#startEngines({ Node: process.execPath, Python: python });
      return show;
    } catch (fault) {
      await show.end();
      throw fault;
    }
  }

  constructor(hub, say) {
    this.#hub = hub;
    this.#say = say;
  }

  get url() {
    return this.#hub.url;
  }

  get password() {
    return this.#hub.password;
  }

  /** Lets the attacker try, and sends jobs until `over`. */
  async work(over) {
    this.#say(`${ATTACKER}, whose key is genuine, tries a replay, a forgery and a stale packet`);
    this.#told = await attack(this.#identities[ATTACKER]);
    this.#say('jobs now and then');
    const jobs = new Jobs(this.#hub, Object.keys(this.#engines));
    await jobs.sendUntil(over);
    this.#sent = jobs.sent;
  }

  /** Ends all. */
  async end() {
    await Promise.all(Object.values(this.#engines).map((engine) => engine.end('SIGTERM')));
    for (const name of Object.keys(this.#engines)) {
      const left = ({ event, user_id: user }) => event === 'ENGINE_DISCONNECTED' && user === name;
      await this.#hub.trail.seen(`the end of ${name}`, left, this.#earlier);
    }
    await this.#hub.end();
  }

  /** What happened; see check.mjs. */
  async results() {
    const records = (await this.#hub.trail.records()).slice(this.#earlier);
    const happenings = Object.fromEntries(Object.entries(this.#engines).map(([name, { lines }]) => [name, lines]));
    return { happenings, sent: this.#sent, told: this.#told, records, leaked: await this.#leaked() };
  }

  async #startEngines(files) {
    const before = await this.#hub.trail.records();
    this.#earlier = before.findLastIndex(({ event }) => event === 'SERVER_STARTED');
    for (const { name } of [...ENGINES, { name: ATTACKER }]) this.#identities[name] = await this.#hub.provision(name);
    await Promise.all(ENGINES.map(async ({ name, language, script }) => {
      const onLine = (line) => happening(line) && this.#say(`${name}: ${happening(line)}`);
      const engine = new Program(name, files[language], [here(`../${script}`)], { say: this.#say, onLine });
      this.#engines[name] = engine;
      engine.tell(this.#identities[name]);
      await engine.seen('its first receipt', ({ event }) => event === 'received');
    }));
  }

  /** Where a secret stands that must not. */
  async #leaked() {
    const texts = { 'the server’s messages': this.#hub.messages(), 'the audit log': await readFile(this.#hub.trail.file, 'utf8') };
    for (const [name, engine] of Object.entries(this.#engines)) texts[`the output of ${name}`] = engine.output();
    const secrets = Object.values(this.#identities).flatMap(({ secret, token }) => [secret.slice(secret.indexOf(':') + 1), token]);
    return Object.keys(texts).filter((where) => [this.password, ...secrets].some((secret) => texts[where].includes(secret)));
  }
}

function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

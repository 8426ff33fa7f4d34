// The server, two engines and an attacker: started, at work, ended.

import { fileURLToPath } from 'node:url';
import { attack } from './attacker.mjs';
import { Hub } from './hub.mjs';
import { Jobs } from './jobs.mjs';
import { Program } from './program.mjs';
import { happening } from './text.mjs';
import { verifyTrail } from './verify.mjs';

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
    const jobs = new Jobs(this.#hub, Object.keys(this.#engines), this.#earlier);
    await jobs.sendUntil(over);
    this.#sent = jobs.sent;
  }

  /** Stops the engines, and waits until the audit log has the end of each. */
  async finish() {
    await Promise.all(Object.values(this.#engines).map((engine) => engine.end('SIGTERM')));
    const ended = (records, name) => records.findLast(({ event, user_id: user }) => user === name && LIFE.includes(event))?.event === LIFE[1];
    await this.#hub.trail.until('the end of each engine', (records) => Object.keys(this.#engines).every((name) => ended(records, name)));
  }

  /** Ends what still runs, whatever has become of it. */
  async end() {
    await Promise.all(Object.values(this.#engines).map((engine) => engine.end()));
    await this.#hub.end();
  }

  /** What happened, and how its log is kept; see check.mjs. */
  async results() {
    const records = (await this.#hub.trail.records()).slice(this.#earlier);
    const happenings = Object.fromEntries(Object.entries(this.#engines).map(([name, { lines }]) => [name, lines]));
    return { happenings, sent: this.#sent, told: this.#told, records, leaked: await this.#leaked(), trail: await verifyTrail(this.#hub.trail.files()) };
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
    const texts = { 'the server’s messages': this.#hub.messages(), 'the audit log': JSON.stringify(await this.#hub.trail.records()) };
    for (const [name, engine] of Object.entries(this.#engines)) texts[`the output of ${name}`] = engine.output();
    const secrets = Object.values(this.#identities).flatMap(({ secret, token }) => [secret.slice(secret.indexOf(':') + 1), token]);
    return Object.keys(texts).filter((where) => [this.password, ...secrets].some((secret) => texts[where].includes(secret)));
  }
}

const LIFE = ['ENGINE_CONNECTED', 'ENGINE_DISCONNECTED'];

function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

// The server, the engines in their processes, and the forger: started, at work, ended. What came of it stands in files.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hub } from '../run/hub.mjs';
import { Over } from '../run/over.mjs';
import { Program } from '../run/program.mjs';
import { FORGERS, plan } from './plan.mjs';
import { usage } from './usage.mjs';

export class Soak {
  #options;
  #state;
  #say;
  #groups;
  #hub;
  #forger;
  #identities = {};
  #programs = {};
  #usage = {};
  #over = new Over();

  /** Runs it on the folder `state`. Returns what was measured, and where the journals and the audit log are. */
  static async run(options, state, say) {
    const soak = new Soak(options, state, say);
    try {
      await soak.#start();
      const window = await soak.#work();
      const tried = await soak.#rest();
      await soak.#leave();
      return soak.#results(window, tried);
    } finally {
      await soak.#end();
    }
  }

  constructor(options, state, say) {
    this.#options = options;
    this.#state = state;
    this.#say = say;
    this.#groups = plan(options.engines);
  }

  async #start() {
    const { server, engines } = this.#options;
    const setup = { file: server, state: this.#state, say: this.#say, audit: { rotate_bytes: ROTATE_BYTES } };
    this.#hub = await Hub.start({ ...setup, token_lifetime: 2 * 3600 });
    this.#usage.empty = await usage(this.#hub.pid);
    this.#say(`the server listens; provisioning ${engines} engines`);
    for (const name of [...FORGERS, ...this.#groups.flatMap(({ engines }) => engines)]) this.#identities[name] = await this.#hub.provision(name);
    const { tapped } = await this.#startForger();
    this.#say('connecting them');
    await Promise.all(this.#groups.map((group) => this.#startGroup(group, group.name === 'tapped' ? tapped : this.#hub.url)));
    this.#usage.connected = await usage(this.#hub.pid);
  }

  async #startForger() {
    this.#forger = new Program('forger', process.execPath, [here('forger.mjs')], { say: this.#say });
    this.#forger.tell({ port: this.#hub.port, owns: FORGERS.map((name) => this.#identities[name]), journal: this.#journal('forger') });
    return this.#forger.next('it listened in');
  }

  /** Starts a group's process, and waits until all its engines are connected. */
  async #startGroup({ name, engines }, url) {
    const program = new Program(name, process.execPath, [here('engines.mjs')], { say: this.#say });
    this.#programs[name] = program;
    program.tell({ identities: engines.map((engine) => ({ ...this.#identities[engine], url })), journal: this.#journal(name) });
    await program.next('its engines were connected');
  }

  /** Lets all work for the time given. Returns the whole seconds, from the first to before the last, in which all did. */
  async #work() {
    const { seconds } = this.#options;
    const over = this.#over;
    await Promise.all(this.#groups.map((group) => this.#set(group)));
    await this.#forger.ask({ hammer: true });
    this.#say(`all are at work, for ${seconds} s`);
    const from = Math.ceil(Date.now() / 1000);
    const before = await usage(this.#hub.pid);
    const kills = this.#groups.filter(({ at }) => at !== undefined).map((group) => this.#kill(group, over));
    await over.orAfter(seconds * 1000);
    this.#usage.worked = await usage(this.#hub.pid);
    this.#usage.processor = this.#usage.worked.processor - before.processor;
    const until = Math.floor(Date.now() / 1000);
    await Promise.all(kills);
    return { from, until };
  }

  async #set({ name, cuts }) {
    await this.#programs[name].ask({ work: { every: EVERY_MS, cuts, seconds: this.#options.seconds } });
  }

  /** Kills a group's process in the midst of its work, and starts it anew. */
  async #kill(group, over) {
    await over.orAfter(group.at * this.#options.seconds * 1000);
    await this.#programs[group.name].end('SIGKILL');
    this.#say(`${group.name} was killed, ${group.engines.length} engines with it, and begins anew`);
    await this.#startGroup(group, this.#hub.url);
    await this.#set(group);
  }

  /** Stops the forger, then the engines, once each is connected and has its last receipt. */
  async #rest() {
    this.#say('waiting for the last receipts');
    const tried = await this.#forger.ask({ rest: true });
    await Promise.all(Object.values(this.#programs).map((program) => program.ask({ rest: true })));
    return tried;
  }

  async #leave() {
    await Promise.all([...Object.values(this.#programs), this.#forger].map((program) => program.end()));
    this.#usage.left = await this.#withoutConnections();
    await this.#hub.end();
  }

  /** What the server uses once it has noticed that all have left. */
  async #withoutConnections() {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const now = await usage(this.#hub.pid);
      if (!(now.files > this.#usage.empty.files) || Date.now() > until) return now;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #results(window, { tried, faults }) {
    const journals = ['forger', ...Object.keys(this.#programs)].map((name) => ({ name, file: this.#journal(name) }));
    const [tapped, ...others] = this.#groups.map(({ engines }) => engines);
    const cast = { engines: [...tapped, ...others.flat()], tapped, forgers: FORGERS, tried };
    return { window, usage: this.#usage, about: this.#hub.about, every: EVERY_MS, unanswered: faults, journals, log: this.#hub.trail.file, cast };
  }

  async #end() {
    const programs = [...Object.values(this.#programs), this.#forger, this.#hub];
    await Promise.all(programs.map((program) => program?.end()));
  }

  #journal(name) {
    return join(this.#state, `${name}.journal`);
  }
}

function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

const EVERY_MS = 1000;
const LOOK_MS = 50;
const PATIENCE_MS = 60_000;
/** So small that even a short soak fills files. */
const ROTATE_BYTES = 1 << 20;

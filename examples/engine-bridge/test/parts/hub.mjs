// The real server, with a state of its own, asked for what a launcher asks.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '../../../trust-boundary/run/processes.mjs';

export class Hub {
  #program;
  #state;
  port;
  password = 'a password for tests';

  static async start(setup = {}) {
    const state = await mkdtemp(join(tmpdir(), 'engine-bridge-'));
    const hub = new Hub(state);
    const { listening } = await hub.#program.ask({
      state,
      port: 0,
      operator_password: hub.password,
      folders: { dashboard: here('../../dashboard'), sdk: here('../../../../wasm'), socket_io: here('../../node_modules/socket.io-client/dist') },
      session: {},
      ...setup,
    });
    hub.port = listening;
    return hub;
  }

  constructor(state) {
    this.#state = state;
    this.#program = new Program('hub', SERVER, [], (text) => console.error(text));
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** An engine's name, key and token. */
  async provision(name) {
    const { provisioned } = await this.#program.ask({ provision: name });
    return { ...provisioned, url: this.url };
  }

  async end() {
    await this.#program.end();
    await rm(this.#state, { recursive: true });
  }
}

function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

const SERVER = process.env.ENGINE_BRIDGE_SERVER || here('../../../../target/debug/engine-bridge-server');

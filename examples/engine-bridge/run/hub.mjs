// The server as a program: its setup and its commands go in on standard input, one answer a command comes out.

import { generateNonce } from 'counterseal';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from './program.mjs';
import { AuditTrail } from './trail.mjs';

export class Hub {
  #program;

  /** Starts the server at `file` on the folder `state`, and waits until it listens. What more is given goes into its setup. */
  static async start({ file, state, say, ...setup }) {
    const password = generateNonce();
    const program = new Program('hub', file, [], { say });
    program.tell({ state, port: 0, operator_password: password, folders: FOLDERS, ...setup });
    try {
      return new Hub(program, await program.next('it listened'), state, password);
    } catch (fault) {
      await program.end();
      throw fault;
    }
  }

  constructor(program, about, state, password) {
    this.#program = program;
    this.about = about;
    this.port = about.listening;
    this.url = `http://127.0.0.1:${about.listening}`;
    this.password = password;
    this.trail = new AuditTrail(join(state, 'audit.log'));
  }

  /** Makes an engine known. Returns all that it needs to connect; of that, `secret` and `token` are secret. */
  async provision(name) {
    const { provisioned } = await this.#ask({ provision: name });
    return { ...provisioned, url: this.url };
  }

  /** Sends a job; false if the engine is not connected. */
  async sendJob(engine, job) {
    return (await this.#ask({ job: { engine, job } })).sent;
  }

  /** Revokes an engine's key, which ends its session. */
  async revoke(engine) {
    return (await this.#ask({ revoke: engine })).revoked;
  }

  get pid() {
    return this.#program.pid;
  }

  /** What it has written for people to read. Its answers to `provision` hold secrets, and are for us alone. */
  messages() {
    return this.#program.messages();
  }

  /** Ends it, politely or by `signal`. */
  end(signal) {
    return this.#program.end(signal);
  }

  async #ask(command) {
    const answer = await this.#program.ask(command);
    if (answer.error !== undefined) throw new Error(`the hub: ${answer.error.code}, ${answer.error.detail}`);
    return answer;
  }
}

const FOLDERS = Object.fromEntries(
  Object.entries({ dashboard: '../dashboard', sdk: '../../../wasm', socket_io: '../node_modules/socket.io-client/dist' }).map(
    ([name, path]) => [name, fileURLToPath(new URL(path, import.meta.url))],
  ),
);

// Replicas as processes of their own, each in its language, and what is sent to them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Key, PacketSigner, RequestSigner } from '../../node/dist/index.js';

const SECRET = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const key = new Key('engine-7', { secret: SECRET });
const packets = new PacketSigner(key);
const requests = new RequestSigner(key);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = [process.env.SHARED_GUARD_PYTHON ?? here('../../.venv/bin/python'), here('replica.py')];
const node = [process.execPath, here('replica.mjs')];
const rust = [process.env.SHARED_GUARD_RUST ?? here('../../target/debug/counterseal-replica')];

/** Every client of every language. A layer takes requests alone, and its clock is the system's. */
export const kinds = [
  { name: 'Python with redis-py', command: python, client: 'threads' },
  { name: 'Python with redis-py and asyncio', command: python, client: 'asyncio' },
  { name: 'Node with ioredis', command: node, client: 'ioredis' },
  { name: 'Node with node-redis', command: node, client: 'node-redis' },
  { name: 'Rust with tower', command: rust, client: 'redis', isLayer: true },
];

/** The system's clock. */
export const clock = () => Math.floor(Date.now() / 1000);

/** What a replica is sent: a packet, or a request, as it arrives. */
export const packet = (now = clock()) => ({ packet: packets.sign({ job: 42 }, { context: 'c', now }) });

export function request(now = clock()) {
  const [method, target, body] = ['POST', '/a%2Fb?x=1', '{"cmd":"run"}'];
  const added = requests.sign({ method, url: `http://vault.internal:8200${target}`, body: Buffer.from(body), now });
  return { request: { method, target, headers: [['Host', 'vault.internal:8200'], ...added], body } };
}

/** Starts one of each kind on a Redis. A race is not decided by who gives up first, so its patience is long where the test does not say. */
export function startAll(context, { port }, { timeout = 30, maxAge = 60 } = {}) {
  return kinds.map(({ command: [program, ...script], client, ...kind }) => {
    const given = JSON.stringify({ client, port, secret: SECRET, timeout, max_age: maxAge });
    const replica = new Replica(kind, spawn(program, [...script, given], { stdio: ['pipe', 'pipe', 'inherit'] }));
    context.after(() => replica.end());
    return replica;
  });
}

class Replica {
  #process;
  #waiting = new Map();
  #sent = 0;

  constructor({ name, isLayer = false }, child) {
    this.name = name;
    this.isLayer = isLayer;
    this.#process = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, ...answer } = JSON.parse(line);
      this.#waiting.get(id).resolve(answer);
      this.#waiting.delete(id);
    });
    child.on('error', (error) => this.#lost(error));
    child.on('exit', (code, signal) => this.#lost(new Error(`${name} ended: ${code ?? signal}`)));
  }

  /** What became of a message: `ok` or a refusal's code, with its status; `now` is the replica's clock, the system's if absent. */
  verify(message, now) {
    const id = ++this.#sent;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, ...message, now })}\n`);
    });
  }

  async code(message, now) {
    return (await this.verify(message, now)).code;
  }

  async end() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
  }

  #lost(error) {
    this.#waiting.forEach(({ reject }) => reject(error));
    this.#waiting.clear();
  }
}

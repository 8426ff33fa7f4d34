import { createHash } from 'node:crypto';
import { refuse } from './facade/errors.js';
import { readOptions, take } from './facade/options.js';
import { Unanswered, within } from './facade/shared.js';
import { SharedReplayGuard, type SharedReplayGuardOptions } from './index.js';

/** What the guard needs of ioredis: a `Redis` or a `Cluster`. */
export interface IoredisClient {
  evalsha(digest: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** What the guard needs of node-redis: what `createClient`, `createClientPool`, `createCluster` or `createSentinel` made. */
export interface NodeRedisClient {
  evalSha(digest: string, given: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, given: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** How a guard in Redis is used. All replicas need the same `scope` and `cluster`. */
export interface RedisReplayGuardOptions extends SharedReplayGuardOptions {
  /** Is told what `check` found; `process.emitWarning` if absent. */
  readonly warn?: ((message: string) => void) | undefined;
}

/**
 * Remembers nonces in a Redis (6.2 or later) that replicas share, in whatever language each is written. It is given a client that its caller
 * connects, listens to for errors, and closes. A claim that the client could not bring through in time is `store_unavailable`, at once and
 * whatever queue it stands in.
 */
export class RedisReplayGuard extends SharedReplayGuard {
  readonly #commands: Commands;
  readonly #warn: (message: string) => void;
  #isChecked = false;

  /** @throws CountersealError `malformed_argument` */
  constructor(client: IoredisClient | NodeRedisClient, options?: RedisReplayGuardOptions) {
    const commands = commandsOf(client);
    const given = readOptions(options, 'guard options');
    const warn = take(given, 'warn') ?? emitWarning;
    if (typeof warn !== 'function') {
      refuse('warn must be a function');
    }
    if (commands.isCluster && given.get('cluster') !== true) {
      refuse('cluster must be true for the client of a cluster, and in all replicas alike: without it the keys of one claim lie on several nodes');
    }
    super({ claim: (keys, args) => this.#claim(keys, args) }, Object.fromEntries(given));
    this.#commands = commands;
    this.#warn = warn as (message: string) => void;
  }

  /**
   * Warns, once for each way, where a server may evict what it remembers. For the start of a service; else the first claim does it.
   * @throws CountersealError `store_unavailable` where Redis does not answer.
   */
  async check(): Promise<void> {
    this.#isChecked = true;
    const { value, why } = await within(CHECK_TIMEOUT, () => told(this.#commands.memory()));
    if (value === undefined) {
      refuse(`the shared replay guard: Redis was asked whether it evicts: ${why}`, 'store_unavailable');
    }
    const warnings = value.map((info) => SharedReplayGuard.warning(typeof info === 'string' ? info : ''));
    new Set(warnings).forEach((warning) => warning === undefined || this.#warn(warning));
  }

  async #claim(keys: string[], args: string[]): Promise<number> {
    const reply = await claim(this.#commands, keys, args);
    if (!this.#isChecked) {
      // The claim does not wait for it, nor fail with it.
      void this.check().catch(() => undefined);
    }
    return reply;
  }
}

// One shape for both clients.
interface Commands {
  readonly isCluster: boolean;
  evalsha(digest: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  /** What `INFO memory` says of each server. */
  memory(): Promise<unknown[]>;
}

interface Server {
  info(section: string): Promise<unknown>;
}

interface IoredisCluster extends IoredisClient {
  nodes(role: string): Server[];
}

interface NodeRedisCluster extends NodeRedisClient {
  readonly masters: object[];
  nodeClient(node: object): Promise<Server>;
}

function commandsOf(client: unknown): Commands {
  if (has<NodeRedisClient>(client, 'evalSha', 'eval')) {
    checkPrefix(client);
    return nodeRedis(client);
  }
  if (has<IoredisClient>(client, 'evalsha', 'eval')) {
    checkPrefix(client);
    return ioredis(client);
  }
  return refuse('client must be a client of ioredis or node-redis (the npm packages ioredis and redis)');
}

function ioredis(client: IoredisClient): Commands {
  const isCluster = has<IoredisCluster>(client, 'nodes');
  return {
    isCluster,
    evalsha: (digest, keys, args) => client.evalsha(digest, keys.length, ...keys, ...args),
    eval: (script, keys, args) => client.eval(script, keys.length, ...keys, ...args),
    memory: () => Promise.all((isCluster ? client.nodes('master') : [client as unknown as Server]).map((server) => server.info('memory'))),
  };
}

function nodeRedis(client: NodeRedisClient): Commands {
  const isCluster = has<NodeRedisCluster>(client, 'nodeClient');
  return {
    isCluster,
    evalsha: (digest, keys, args) => client.evalSha(digest, { keys, arguments: args }),
    eval: (script, keys, args) => client.eval(script, { keys, arguments: args }),
    memory: async () => {
      const servers = isCluster ? await Promise.all(client.masters.map((node) => client.nodeClient(node))) : [client as unknown as Server];
      return Promise.all(servers.map((server) => server.info('memory')));
    },
  };
}

function has<T extends object>(client: unknown, ...methods: string[]): client is T {
  return typeof client === 'object' && client !== null && methods.every((name) => typeof (client as Record<string, unknown>)[name] === 'function');
}

// With a prefix, replicas whose clients have none would share no nonce with this one, and nothing would show it.
function checkPrefix(client: object): void {
  const { options, _keyPrefix } = client as { options?: { keyPrefix?: unknown }; _keyPrefix?: unknown };
  if (options?.keyPrefix || _keyPrefix) {
    refuse('client must have no keyPrefix: the keys of the guard are the same in all languages; give the guard a scope');
  }
}

async function claim(commands: Commands, keys: string[], args: string[]): Promise<number> {
  // A Redis that started anew, or that nobody has claimed in, does not know the script by its digest.
  digest ??= createHash('sha1').update(SharedReplayGuard.script).digest('hex');
  const reply = await told(commands.evalsha(digest, keys, args).catch((error: unknown) => {
    if (replyCode(error) === 'NOSCRIPT') {
      return commands.eval(SharedReplayGuard.script, keys, args);
    }
    throw error;
  }));
  // A client may be told to hand over numbers as text.
  return typeof reply === 'string' && /^\d$/.test(reply) ? Number(reply) : reply as number;
}

// An answer that is an error says its kind first, and what follows may hold anything.
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const code = replyCode(error);
    throw code === undefined ? error : new Unanswered(`Redis answered ${code}`);
  }
}

function replyCode(error: unknown): string | undefined {
  return error instanceof Error ? REPLY_CODE.exec(error.message)?.[0] : undefined;
}

function emitWarning(message: string): void {
  process.emitWarning(message, { type: 'CountersealWarning', code: 'COUNTERSEAL_REDIS_EVICTS' });
}

let digest: string | undefined;

const REPLY_CODE = /^(?:ASK|BUSY|CLUSTERDOWN|CROSSSLOT|ERR|LOADING|MASTERDOWN|MISCONF|MOVED|NOAUTH|NOPERM|NOREPLICAS|NOSCRIPT|OOM|READONLY|TRYAGAIN|WRONGPASS)\b/;
// At the start a connection may have to be made first.
const CHECK_TIMEOUT = 5000;

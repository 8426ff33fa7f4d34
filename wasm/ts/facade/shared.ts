import { engine, type RawClaiming, type RawSharedGuard } from './engine.js';
import { call, refuse } from './errors.js';
import { readOptions, take, toJson } from './options.js';
import { text } from './text.js';

// Set by the class below, which alone can see its engine's object.
let rawOf: (guard: object) => RawSharedGuard | undefined;

/** Asks the guard's store about a message that is genuine, and goes on with its answer. @internal */
export let settled: <V>(guard: SharedReplayGuard, claiming: RawClaiming<V>) => Promise<V>;

/** A store that replicas share: a Redis behind any client that can run a script. */
export interface SharedStore {
  /** Runs `SharedReplayGuard.script` with these KEYS and ARGV, and hands over its reply, an integer. Whatever goes wrong is thrown. */
  claim(keys: string[], args: string[]): Promise<number>;
}

/** How a shared guard is used. */
export interface SharedReplayGuardOptions {
  /** One name shared by all replicas; empty if absent. */
  readonly scope?: string | undefined;
  /** Whether the store is a Redis Cluster: the keys of a claim then share a slot. The same for all replicas. */
  readonly cluster?: boolean | undefined;
  /** How long the store may take, in milliseconds (1 to 60,000); 250 if absent. */
  readonly timeout?: number | undefined;
}

/**
 * Remembers nonces in a store that replicas share, in whatever language each is written. A verifier with it is asked by `verifyAsync`: where the
 * store does not answer in time, or fails, that is `store_unavailable`, and nothing is accepted.
 */
export class SharedReplayGuard {
  readonly #raw: RawSharedGuard;
  readonly #store: SharedStore;
  readonly #timeout: number;
  #waiting = 0;

  /** @throws CountersealError `malformed_argument` */
  constructor(store: SharedStore, options?: SharedReplayGuardOptions) {
    if (typeof store !== 'object' || store === null || typeof store.claim !== 'function') {
      refuse('store must have a method claim(keys, args)');
    }
    const given = readOptions(options, 'guard options');
    this.#timeout = timeoutOf(take(given, 'timeout'));
    const json = toJson(given, 'guard options');
    this.#raw = call(() => new (engine().RawSharedGuard)(json));
    this.#store = store;
  }

  /** The Lua script that claims a nonce as one step, by Redis's own clock. */
  static get script(): string {
    return call(() => engine().guardScript());
  }

  /** What to warn of, given the store's answer to `INFO memory`: one that evicts forgets nonces that are live. */
  static warning(info: string): string | undefined {
    const told = text(info, 'info');
    return call(() => engine().guardWarning(told)) || undefined;
  }

  async #claim(keys: string[], args: string[]): Promise<number> {
    // A client may keep what it cannot send. The time-out bounds how long a caller waits, and this what is kept.
    if (this.#waiting >= MOST_WAITING) {
      throw new Unanswered(`${MOST_WAITING} claims wait for an answer`);
    }
    this.#waiting++;
    try {
      return await this.#store.claim(keys, args);
    } finally {
      this.#waiting--;
    }
  }

  static {
    rawOf = (guard) => (#raw in guard ? guard.#raw : undefined);
    settled = async (guard, claiming) => {
      const { value, why } = await within(guard.#timeout, () => guard.#claim(claiming.keys(), claiming.arguments()));
      return call(() => claiming.settle(typeof value === 'number' ? value : NaN, why));
    };
  }
}

/** The engine's guard out of a SharedReplayGuard; undefined for anything else. @internal */
export function rawShared(guard: unknown): RawSharedGuard | undefined {
  return typeof guard === 'object' && guard !== null ? rawOf(guard) : undefined;
}

/** What a store answered in time, or in words why it did not. It never rejects, and what comes late is nobody's. */
export function within<T>(milliseconds: number, ask: () => Promise<T>): Promise<{ value?: T; why?: string }> {
  return new Promise((resolve) => {
    const giveUp = () => resolve({ why: `no answer within ${milliseconds} ms` });
    // Where the process was busy, timers come before what has arrived meanwhile: that is read before the second one.
    let timer = setTimeout(() => {
      timer = setTimeout(giveUp, 0);
    }, milliseconds);
    const end = (answer: { value?: T; why?: string }) => {
      clearTimeout(timer);
      resolve(answer);
    };
    ask().then((value) => end({ value }), (error: unknown) => end({ why: wordsOf(error) }));
  });
}

/** A failure whose words are ours, and may be told. */
export class Unanswered extends Error {}

// A client's message may hold an address, and what it sent: its error's code or name is told instead.
function wordsOf(error: unknown): string {
  if (error instanceof Unanswered) {
    return error.message;
  }
  const { code, name } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  const word = [code, name === 'Error' ? error?.constructor.name : name].find((one) => typeof one === 'string' && WORD.test(one));
  return word === undefined ? 'the client failed' : `the client failed (${word})`;
}

function timeoutOf(timeout: unknown): number {
  const isInRange = typeof timeout === 'number' && Number.isInteger(timeout) && timeout >= 1 && timeout <= MOST_TIMEOUT;
  return timeout === undefined ? TIMEOUT : isInRange ? timeout : refuse(`timeout must be a whole number of milliseconds from 1 to ${MOST_TIMEOUT}`);
}

const TIMEOUT = 250;
const MOST_TIMEOUT = 60_000;
const MOST_WAITING = 10_000;
const WORD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

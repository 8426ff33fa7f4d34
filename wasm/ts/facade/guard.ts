import { engine, type RawGuard, type RawKeyring, type RawVerifierClass } from './engine.js';
import { call, refuse } from './errors.js';
import { readOptions, toJson } from './options.js';
import { rawShared } from './shared.js';

// Set by the class below, which alone can see its engine's object.
let rawOf: (guard: object) => RawGuard | undefined;

/** How large a guard is, and from when on it can tell. */
export interface MemoryReplayGuardOptions {
  /** How many live nonces it holds; full, it refuses and never forgets a live one. */
  readonly capacity?: number | undefined;
  /** When it began, in Unix seconds: older packets may have been seen before and are refused. 0 (no fence) if absent. */
  readonly start?: number | undefined;
  /** One name shared by all replicas; empty if absent. */
  readonly scope?: string | undefined;
  /** How many of the nonces may be one owner's; half of the capacity, rounded up, if absent. */
  readonly ownerShare?: number | undefined;
}

/** Remembers the nonces of verified packets for as long as they could be sent again. Verifiers may share one. */
export class MemoryReplayGuard {
  readonly #raw: RawGuard;

  /** @throws CountersealError `malformed_argument` */
  constructor(options?: MemoryReplayGuardOptions) {
    const json = toJson(readOptions(options, 'guard options'), 'guard options');
    this.#raw = call(() => new (engine().RawGuard)(json));
  }

  /** How many nonces it holds. */
  get size(): number {
    return call(() => this.#raw.size());
  }

  static {
    rawOf = (guard) => (#raw in guard ? guard.#raw : undefined);
  }
}

/** A verifier of the engine's with the guard that was given, or one of its own. @internal */
export function guarded<V>(kind: RawVerifierClass<V>, ring: RawKeyring, guard: unknown, options: string): V {
  if (guard === undefined) {
    return call(() => new kind(ring, options));
  }
  const shared = rawShared(guard);
  if (shared !== undefined) {
    return call(() => kind.shared(ring, shared, options));
  }
  const memory = typeof guard === 'object' && guard !== null ? rawOf(guard) : undefined;
  return memory === undefined
    ? refuse('guard must be a MemoryReplayGuard or a SharedReplayGuard of this package')
    : call(() => kind.withGuard(ring, memory, options));
}

import { engine, type RawKey, type RawKeyring } from './engine.js';
import { call, refuse } from './errors.js';
import { readOptions, take, toJson } from './options.js';
import { rawSecret, type SecretSource } from './secret.js';
import { text } from './text.js';

// Set by the classes below, which alone can see their engine's objects.
let rawKeyOf: (key: object) => RawKey | undefined;
let rawKeyringOf: (ring: object) => RawKeyring | undefined;

/** What a key may be used for. `packet` and `request` go together; each other use stands alone. */
export type Use = 'packet' | 'request' | 'token' | 'derive' | 'join' | `profile:${string}`;

/** An algorithm of a token. */
export type Algorithm = 'HS256' | 'HS384' | 'HS512';

/** What a key is, besides its id. */
export interface KeyOptions {
  readonly secret: SecretSource;
  /** Who holds the key; its id if absent. */
  readonly owner?: string | undefined;
  /** Active from this time on, in Unix seconds. */
  readonly notBefore?: number | undefined;
  /** Active until just before this time, in Unix seconds. */
  readonly notAfter?: number | undefined;
  readonly revoked?: boolean | undefined;
  /** The algorithms of tokens under this key; `["HS256"]` if absent. */
  readonly algorithms?: readonly Algorithm[] | undefined;
  /** `["packet", "request"]` if absent. */
  readonly uses?: readonly Use[] | undefined;
}

/** A secret with an id, an owner, a window of validity and its uses. Who can verify can sign: one secret a pair. */
export class Key {
  readonly #raw: RawKey;
  /** The name under which the other side looks the key up. */
  readonly id: string;
  /** Who holds the key. */
  readonly owner: string;

  /**
   * @throws CountersealError `weak_secret` for a short secret, `malformed_key` for anything else wrong with the key,
   *   `malformed_argument` for an unknown option.
   */
  constructor(id: string, options: KeyOptions) {
    this.#raw = isMade(id) ? id.raw : build(id, options);
    this.id = this.#raw.id;
    this.owner = this.#raw.owner;
  }

  toString(): string {
    return `Key(${this.id}, owner ${this.owner})`;
  }

  toJSON(): { id: string; owner: string } {
    return { id: this.id, owner: this.owner };
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  static {
    rawKeyOf = (key) => (#raw in key ? key.#raw : undefined);
  }
}

/** The keys that a verifier knows. A change counts at once for everything that was built on it. */
export class Keyring {
  readonly #raw: RawKeyring;

  /** @throws CountersealError `malformed_key` for a repeated id, or for one secret under exclusive uses. */
  constructor(keys: readonly Key[] = []) {
    if (!Array.isArray(keys)) {
      refuse('keys must be an array of Key');
    }
    this.#raw = call(() => new (engine().RawKeyring)());
    for (const key of keys as readonly Key[]) {
      this.add(key);
    }
  }

  /** @throws CountersealError `malformed_key` as the constructor does. */
  add(key: Key): this {
    const raw = rawKey(key);
    call(() => this.#raw.add(raw));
    return this;
  }

  /** Forgets a key; says whether it was there. */
  remove(id: string): boolean {
    const name = text(id, 'key id');
    return call(() => this.#raw.remove(name));
  }

  /** Revokes a key; says whether it was there. */
  revoke(id: string): boolean {
    const name = text(id, 'key id');
    return call(() => this.#raw.revoke(name));
  }

  /** The ids of all keys. */
  ids(): string[] {
    return call(() => this.#raw.ids());
  }

  static {
    rawKeyringOf = (ring) => (#raw in ring ? ring.#raw : undefined);
  }
}

/** The engine's key out of a Key. @internal */
export function rawKey(key: unknown): RawKey {
  const raw = typeof key === 'object' && key !== null ? rawKeyOf(key) : undefined;
  return raw ?? refuse('key must be a Key of this package');
}

/** The engine's keyring out of a Keyring. @internal */
export function rawKeyring(ring: unknown): RawKeyring {
  const raw = typeof ring === 'object' && ring !== null ? rawKeyringOf(ring) : undefined;
  return raw ?? refuse('keyring must be a Keyring of this package');
}

/** A key of the engine's own making, as a Key. @internal */
export function wrapKey(raw: RawKey): Key {
  return new Key(new Made(raw) as unknown as string, {} as KeyOptions);
}

function build(id: unknown, options: unknown): RawKey {
  const given = readOptions(options, 'key options');
  const secret = rawSecret(take(given, 'secret'));
  const name = text(id, 'key id', 'malformed_key');
  const rest = toJson(given, 'key options', 'malformed_key');
  return call(() => new (engine().RawKey)(name, secret, rest));
}

class Made {
  constructor(readonly raw: RawKey) {}
}

function isMade(id: unknown): id is Made {
  return id instanceof Made;
}

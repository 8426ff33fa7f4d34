import { bytes, isBytes } from './bytes.js';
import { engine, type RawSecret } from './engine.js';
import { call, refuse } from './errors.js';
import { text } from './text.js';

// Set by the class below, which alone can see its engine's object.
let rawOf: (secret: object) => RawSecret | undefined;

/** What a secret is made of: text with its encoding named, or 32 to 1024 bytes. */
export type SecretSource = Secret | string | Uint8Array | ArrayBuffer;

/**
 * A shared secret. It shows itself nowhere: not in `console.log`, not in JSON, not in an error. `expose()` is the one
 * way to read it back.
 */
export class Secret {
  readonly #raw: RawSecret;

  /**
   * @param source text with its encoding named (`hex:`, `base64:`, `base64url:`, `utf8:`), or the bytes themselves;
   *   32 to 1024 bytes.
   * @throws CountersealError `weak_secret` if it is too short, `malformed_key` for anything else wrong with it.
   */
  constructor(source: string | Uint8Array | ArrayBuffer) {
    this.#raw = isMade(source) ? source.raw : call(() => build(source));
  }

  /** 32 bytes from the operating system's generator. */
  static generate(): Secret {
    return wrapSecret(call(() => engine().RawSecret.generate()));
  }

  /** The secret as `hex:` text. */
  expose(): string {
    return call(() => this.#raw.expose());
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }

  static {
    rawOf = (secret) => (#raw in secret ? secret.#raw : undefined);
  }
}

/** The engine's secret out of a Secret, text or bytes: for the parts of the packages, whose index does not export it. */
export function rawSecret(source: unknown): RawSecret {
  const raw = typeof source === 'object' && source !== null ? rawOf(source) : undefined;
  return raw ?? call(() => build(source));
}

/** Evidence of the engine's own making, as a Secret. @internal */
export function wrapSecret(raw: RawSecret): Secret {
  return new Secret(new Made(raw) as unknown as string);
}

function build(source: unknown): RawSecret {
  if (typeof source === 'string') {
    return engine().RawSecret.fromText(text(source, 'secret', 'malformed_key'));
  }
  if (!isBytes(source)) {
    refuse('secret must be text with its encoding named, a Uint8Array, an ArrayBuffer or a Secret', 'malformed_key');
  }
  return engine().RawSecret.fromBytes(bytes(source, 'secret', 'malformed_key'));
}

class Made {
  constructor(readonly raw: RawSecret) {}
}

function isMade(source: unknown): source is Made {
  return source instanceof Made;
}

const HIDDEN = 'Secret(..)';

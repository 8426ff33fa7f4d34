import { callOptions, nowOf, outsideText } from './arguments.js';
import { addonPath, engine } from './engine.js';
import { call, CountersealError, refuse, type ErrorClass } from './errors.js';
import { take } from './options.js';
import { rawSecret, wrapSecret, type Secret, type SecretSource } from './secret.js';
import { text } from './text.js';
import type { NowOption } from './token.js';

/** What a derived secret is bound to; each a name of 1 to 64 characters of `A-Za-z0-9._~-`. */
export interface DeriveOptions {
  readonly purpose: string;
  readonly owner: string;
  readonly keyId: string;
}

/** What a peer may learn of an error. */
export interface Refusal {
  readonly class: ErrorClass;
  /** The HTTP status that goes with the class. */
  readonly status: number;
  /** This side's clock, in Unix seconds: for `expired` and `not_yet_valid` alone, whose packets were genuine. */
  readonly now?: number;
}

/** What runs underneath. */
export interface About {
  readonly engine: 'native' | 'wasm';
  readonly version: string;
  /** The native addon's file, relative to the package; absent under wasm. */
  readonly addon?: string;
}

/**
 * Derives an owner's secret from a master (HKDF-SHA256, RFC 5869): the same in every language, so that no table of
 * secrets need be kept.
 */
export function derive(master: SecretSource, options: DeriveOptions): Secret {
  const given = callOptions(options, 'derive', DERIVE);
  const names = ['purpose', 'owner', 'key_id'].map((name) => text(take(given, name), name));
  const [purpose, owner, keyId] = names as [string, string, string];
  const raw = rawSecret(master);
  return wrapSecret(call(() => engine().derive(raw, purpose, owner, keyId)));
}

/** The RFC 8785 form of JSON text. @throws CountersealError `malformed_payload` */
export function canonicalJson(json: string | Uint8Array | ArrayBuffer): string {
  const source = outsideText(json, 'text');
  return call(() => engine().canonicalJson(source));
}

/**
 * What the peer may learn of an error: its class and status, never its code. A packet refused for its age lets the peer know this clock.
 * @throws CountersealError `malformed_argument` for what is no CountersealError.
 */
export function refusal(error: CountersealError, options?: NowOption): Refusal {
  const now = nowOf(callOptions(options, 'refusal', NOW));
  const code: unknown = error instanceof CountersealError ? error.code : refuse('error must be a CountersealError of this package');
  const name = text(code, 'error code');
  return JSON.parse(call(() => engine().refusal(name, now))) as Refusal;
}

/** A nonce: 16 bytes from the operating system's generator, in base64url. */
export function generateNonce(): string {
  return call(() => engine().generateNonce());
}

/** Which engine runs, and its version. */
export function about(): About {
  const info = JSON.parse(engine().about()) as About;
  const addon = addonPath();
  return addon === undefined ? info : { ...info, addon };
}

const NOW = ['now'];
const DERIVE = ['purpose', 'owner', 'keyId'];

import { callOptions, outsideText } from './arguments.js';
import { addonPath, engine } from './engine.js';
import { call } from './errors.js';
import { take } from './options.js';
import { rawSecret, wrapSecret, type Secret, type SecretSource } from './secret.js';
import { text } from './text.js';

/** What a derived secret is bound to; each a name of 1 to 64 characters of `A-Za-z0-9._~-`. */
export interface DeriveOptions {
  readonly purpose: string;
  readonly owner: string;
  readonly keyId: string;
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

const DERIVE = ['purpose', 'owner', 'keyId'];

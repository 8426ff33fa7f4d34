import { bytes, isBytes } from './bytes.js';
import { refuse, type ErrorCode } from './errors.js';
import { checkAllowed, readOptions, take, type Options } from './options.js';
import type { Shape } from './shapes.js';
import { encode, isWellFormed, text } from './text.js';

/** What every signing and verifying call takes. */
export interface CallOptions {
  /** What the packet is for: printable ASCII, up to 256 bytes. Signed and never sent; may be empty. */
  readonly context: string;
  /** The time, in whole Unix seconds; the system clock if absent. */
  readonly now?: number | undefined;
}

/** What every signing call takes. */
export interface SignOptions extends CallOptions {
  /** 16 bytes in base64url (22 characters); random if absent. For vectors and tests. */
  readonly nonce?: string | undefined;
}

/** Reads the options of one call; any other than `allowed` is refused by name. */
export function callOptions(value: unknown, what: string, allowed: readonly string[]): Options {
  const options = readOptions(value, `${what} options`);
  checkAllowed(options, allowed, what);
  return options;
}

/** The context, which has no default: who signs must say what for. */
export function contextOf(options: Options): string {
  return text(take(options, 'context'), 'context');
}

/** The time given, if any. The core judges whether it is a whole number in range. */
export function nowOf(options: Options): number | undefined {
  const now = take(options, 'now');
  return now === undefined || typeof now === 'number' ? now : refuse('now must be a number of whole Unix seconds');
}

/** The time for a quick call: below 0 for the engine's own clock; undefined if the full road must judge it. */
export function quickTime(shape: Shape, options: { readonly now?: unknown } | undefined): number | undefined {
  const now = shape.timed ? options?.now : undefined;
  if (now === undefined) {
    return ENGINE_CLOCK;
  }
  return typeof now === 'number' && now >= 0 ? now : undefined;
}

/** The nonce given, if any. */
export function nonceOf(options: Options): string | undefined {
  const nonce = take(options, 'nonce');
  return nonce === undefined ? undefined : text(nonce, 'nonce');
}

/** How long a text may be before the core refuses it unread, by the body limit among a constructor's options. */
export function textLimit(options: Options): number {
  const limit = options.get('body_limit');
  return 4 * (typeof limit === 'number' ? limit : DEFAULT_BODY_LIMIT) + 4096;
}

/** Text from outside, as a string or as its UTF-8 bytes. */
export function outsideText(value: unknown, name: string, code?: ErrorCode): Uint8Array {
  if (typeof value === 'string') {
    return encode(value);
  }
  return isBytes(value) ? bytes(value, name) : refuse(`${name} must be a string or its UTF-8 bytes`, code);
}

/** A text that a peer chose: the core's to refuse, whatever its type. The empty text is in no grammar. */
export function peerText(value: unknown): string {
  return typeof value === 'string' && isWellFormed(value) ? value : '';
}

const ENGINE_CLOCK = -1;
const DEFAULT_BODY_LIMIT = 2 ** 20;

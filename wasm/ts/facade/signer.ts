import { callOptions, contextOf, nonceOf, nowOf, outsideText, textLimit, type SignOptions } from './arguments.js';
import { bytes } from './bytes.js';
import { engine, type RawPacketSigner } from './engine.js';
import { call, CountersealError } from './errors.js';
import { rawKey, type Key } from './key.js';
import { walk } from './native.js';
import { readOptions, take, toJson, type Options } from './options.js';
import { encode, text } from './text.js';

/** A signed packet, ready for any JSON transport: a JSON `payload`, or bytes as base64url in `data`. */
export interface Packet {
  readonly v: 1;
  readonly kid: string;
  readonly ts: number;
  readonly nonce: string;
  readonly payload?: unknown;
  readonly data?: string;
  readonly sig: string;
}

/** What a signature adds to parts that travel by themselves. */
export interface Signature {
  /** The time of signing, in Unix seconds. */
  readonly ts: number;
  readonly nonce: string;
  readonly sig: string;
}

/** The largest body a signer signs. */
export interface PacketSignerOptions {
  /** In bytes; 1 MiB if absent. */
  readonly bodyLimit?: number | undefined;
}

/** What `signParts` takes. */
export interface SignPartsOptions extends SignOptions {
  readonly kind: 'json' | 'bytes';
  /** The bytes signed; for `json` a value already in RFC 8785 form. */
  readonly body: Uint8Array | ArrayBuffer;
}

/**
 * Signs packets with one key. Every call throws CountersealError: `malformed_argument` for a wrong context, time or
 * nonce, `malformed_payload`, `payload_too_large`, `revoked_key` or `inactive_key`.
 */
export class PacketSigner {
  readonly #raw: RawPacketSigner;
  readonly #limit: number;

  constructor(key: Key, options?: PacketSignerOptions) {
    const raw = rawKey(key);
    const given = readOptions(options, 'signer options');
    const json = toJson(given, 'signer options');
    this.#limit = textLimit(given);
    this.#raw = call(() => new (engine().RawPacketSigner)(raw, json));
  }

  /** Signs a JSON value, written as `JSON.stringify` would but without running a getter or a `toJSON` of it. */
  sign(payload: unknown, options: SignOptions): Packet {
    return JSON.parse(this.signText(payload, options)) as Packet;
  }

  /** Signs a JSON value; the packet comes as text. */
  signText(payload: unknown, options: SignOptions): string {
    const given = callOptions(options, 'sign', SIGN);
    const { text: json, fault } = walk(payload, 'payload', this.#limit);
    try {
      return this.#signJson(encode(json), given);
    } catch (error) {
      throw explained(error, fault);
    }
  }

  /** Signs JSON text, in whatever form it stands; the packet comes as text. */
  signJson(payloadJson: string | Uint8Array | ArrayBuffer, options: SignOptions): string {
    const given = callOptions(options, 'signJson', SIGN);
    return this.#signJson(outsideText(payloadJson, 'payloadJson'), given);
  }

  /** Signs raw bytes. */
  signBytes(data: Uint8Array | ArrayBuffer, options: SignOptions): Packet {
    const given = callOptions(options, 'signBytes', SIGN);
    const body = bytes(data, 'data');
    const [context, now, nonce] = [contextOf(given), nowOf(given), nonceOf(given)];
    return JSON.parse(call(() => this.#raw.signBytes(body, context, now, nonce))) as Packet;
  }

  /** Signs parts that travel by themselves, and makes no packet of them. */
  signParts(options: SignPartsOptions): Signature {
    const given = callOptions(options, 'signParts', SIGN_PARTS);
    const kind = text(take(given, 'kind'), 'kind');
    const body = bytes(take(given, 'body'), 'body');
    const [context, now, nonce] = [contextOf(given), nowOf(given), nonceOf(given)];
    const made = call(() => this.#raw.signParts(kind, body, context, now, nonce));
    return { ts: made.timestamp, nonce: made.nonce, sig: made.sig };
  }

  #signJson(payload: Uint8Array, given: Options): string {
    const [context, now, nonce] = [contextOf(given), nowOf(given), nonceOf(given)];
    return call(() => this.#raw.signJson(payload, context, now, nonce));
  }
}

/** The core's refusal of a native value, in terms of the value instead of the text made of it. @internal */
export function explained(error: unknown, fault: string | undefined): unknown {
  const whose = fault?.startsWith('payload') || fault?.startsWith('packet["payload"]') ? 'malformed_payload' : 'malformed_packet';
  return fault !== undefined && error instanceof CountersealError && error.code === whose ? new CountersealError(whose, fault) : error;
}

const SIGN = ['context', 'now', 'nonce'];
const SIGN_PARTS = ['kind', 'body', ...SIGN];

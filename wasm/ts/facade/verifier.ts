import { callOptions, contextOf, nowOf, peerText, textLimit, type CallOptions } from './arguments.js';
import { bytes, isBytes } from './bytes.js';
import { engine, type RawPacketVerifier, type RawVerified } from './engine.js';
import { call, CountersealError, fromText, refuse } from './errors.js';
import { guarded, type MemoryReplayGuard } from './guard.js';
import { rawKeyring, type Keyring } from './key.js';
import { walkPacket } from './native.js';
import { readOptions, take, toJson } from './options.js';
import { learnPacket, learnParts, quickPacket, quickParts } from './quick.js';
import { settled, SharedReplayGuard } from './shared.js';
import { explained, type Packet } from './signer.js';
import { encode, text } from './text.js';
import { verified, type Verified } from './verified.js';

/** What a verifier accepts. */
export interface PacketVerifierOptions {
  /** How old a packet may be, in seconds (1 to 3600); 60 if absent. */
  readonly maxAge?: number | undefined;
  /** How far ahead of this clock a packet may be, in seconds (1 to 3600); 5 if absent. */
  readonly maxAhead?: number | undefined;
  /** The owners that may call; any if absent. */
  readonly allow?: readonly string[] | undefined;
  /** A guard of one's own, to share or to size; a fresh one without a fence (start 0) if absent. One that replicas share needs `verifyAsync`. */
  readonly guard?: MemoryReplayGuard | SharedReplayGuard | undefined;
  /** The largest body, in bytes; 1 MiB if absent. */
  readonly bodyLimit?: number | undefined;
}

/** What `verifyParts` takes. */
export interface VerifyPartsOptions extends CallOptions {
  readonly keyId: string;
  readonly kind: 'json' | 'bytes';
  readonly body: Uint8Array | ArrayBuffer;
  /** When it was signed, in Unix seconds. */
  readonly ts: number;
  readonly nonce: string;
  readonly sig: string;
}

/** A packet as it arrived: as text, as UTF-8 bytes, or already parsed. */
export type PacketSource = string | Uint8Array | ArrayBuffer | Packet | Readonly<Record<string, unknown>>;

/**
 * Verifies packets against a keyring. A packet is accepted once; every call either hands over evidence or throws
 * CountersealError with the code of the first check that failed.
 *
 * Without a `guard` of its own it remembers from its making only: after a restart, a packet younger than `maxAge` that
 * was accepted before would be accepted again. Give it a MemoryReplayGuard with `start` to refuse those.
 */
export class PacketVerifier {
  readonly #raw: RawPacketVerifier;
  readonly #shared: SharedReplayGuard | undefined;
  readonly #limit: number;

  constructor(keyring: Keyring, options?: PacketVerifierOptions) {
    const ring = rawKeyring(keyring);
    const given = readOptions(options, 'verifier options');
    const guard = take(given, 'guard');
    const json = toJson(given, 'verifier options');
    this.#limit = textLimit(given);
    this.#raw = guarded(engine().RawPacketVerifier, ring, guard, json);
    this.#shared = guard instanceof SharedReplayGuard ? guard : undefined;
  }

  /** Verifies a packet. Text is judged strictly; an object is judged as the text that JSON would make of it. */
  verify(packet: PacketSource, options: CallOptions): Verified {
    return quickPacket(this.#raw, packet, options) ?? this.#verify(packet, options);
  }

  /** Verifies parts that travelled by themselves, by the same checks. */
  verifyParts(options: VerifyPartsOptions): Verified {
    return quickParts(this.#raw, options) ?? this.#verifyParts(options);
  }

  /** As `verify`, with any guard: one that replicas share is asked when all else is in order. */
  async verifyAsync(packet: PacketSource, options: CallOptions): Promise<Verified> {
    const guard = this.#shared;
    if (guard === undefined) {
      return this.verify(packet, options);
    }
    const claiming = this.#read(packet, options, 'verifyAsync', (source, context, now) => this.#raw.authenticate(source, context, now));
    return evidence(await settled(guard, claiming));
  }

  /** As `verifyParts`, with any guard. */
  async verifyPartsAsync(options: VerifyPartsOptions): Promise<Verified> {
    const guard = this.#shared;
    if (guard === undefined) {
      return this.verifyParts(options);
    }
    const claiming = this.#readParts(options, 'verifyPartsAsync', (parts) => this.#raw.authenticateParts(...parts));
    return evidence(await settled(guard, claiming));
  }

  /** Verifies many packets in order. A refused one stands as its error in its place and hides no other. */
  verifyBatch(packets: readonly PacketSource[], options: CallOptions): (Verified | CountersealError)[] {
    const given = callOptions(options, 'verifyBatch', VERIFY);
    const [context, now] = [contextOf(given), nowOf(given)];
    if (!Array.isArray(packets)) {
      refuse('packets must be an array');
    }
    const sources = Array.from(packets as readonly unknown[], (packet, index) => packetBytes(packet, `packets[${index}]`, this.#limit));
    const results = call(() => this.#raw.verifyBatch(sources.map(({ source }) => source), context, now));
    return results.map((result, index) =>
      'error' in result ? refusal(result.error, sources[index]?.fault) : evidence(result),
    );
  }

  #verify(packet: unknown, options: unknown): Verified {
    return evidence(this.#read(packet, options, 'verify', (source, context, now) => this.#raw.verify(source, context, now)));
  }

  #read<T>(packet: unknown, options: unknown, what: string, run: (source: Uint8Array, context: string, now: number | undefined) => T): T {
    const given = callOptions(options, what, VERIFY);
    learnPacket(options);
    const [context, now] = [contextOf(given), nowOf(given)];
    const { source, fault } = packetBytes(packet, 'packet', this.#limit);
    try {
      return call(() => run(source, context, now));
    } catch (error) {
      throw explained(error, fault);
    }
  }

  #verifyParts(options: unknown): Verified {
    return evidence(this.#readParts(options, 'verifyParts', (parts) => this.#raw.verifyParts(...parts)));
  }

  #readParts<T>(options: unknown, what: string, run: (parts: Parameters<RawPacketVerifier['verifyParts']>) => T): T {
    const given = callOptions(options, what, VERIFY_PARTS);
    learnParts(options);
    const kind = text(take(given, 'kind'), 'kind');
    const body = bytes(take(given, 'body'), 'body');
    const [context, now] = [contextOf(given), nowOf(given)];
    const [keyId, nonce, sig] = [peerText(take(given, 'key_id')), peerText(take(given, 'nonce')), peerText(take(given, 'sig'))];
    const ts = take(given, 'ts');
    const time = typeof ts === 'number' ? ts : NaN;
    return call(() => run([keyId, kind, body, time, nonce, sig, context, now]));
  }
}

/** An engine's evidence as a Verified. @internal */
export function evidence({ payloadText, data, keyId, owner, timestamp, nonce }: RawVerified): Verified {
  return verified(payloadText ?? new Uint8Array(data as ArrayBuffer), keyId, owner, timestamp, nonce);
}

/** A packet as the core reads it, and what its object could not say in it. @internal */
export function packetBytes(packet: unknown, name: string, limit: number, walked?: string): { source: Uint8Array; fault: string | undefined } {
  if (typeof packet === 'string') {
    return { source: encode(packet), fault: undefined };
  }
  if (isBytes(packet)) {
    return { source: bytes(packet, name), fault: undefined };
  }
  const { text: json, fault } = walkPacket(packet, limit, walked);
  return { source: encode(json), fault };
}

function refusal(text: string, fault: string | undefined): CountersealError {
  const error = fromText(text) ?? new CountersealError('malformed_packet', text);
  return explained(error, fault) as CountersealError;
}

const VERIFY = ['context', 'now'];
const VERIFY_PARTS = ['keyId', 'kind', 'body', 'ts', 'nonce', 'sig', ...VERIFY];

import { quickTime, type CallOptions } from './arguments.js';
import { isUint8Array } from './bytes.js';
import type { RawClaims, RawPacketVerifier, RawTokenVerifier } from './engine.js';
import { Shapes, type Shape } from './shapes.js';
import type { NowOption } from './token.js';
import { verified, type Verified } from './verified.js';
import type { VerifyPartsOptions } from './verifier.js';

// The quick roads: what one does not find in order, or does not verify, the full one judges anew.

/** @internal */
export function quickPacket(raw: RawPacketVerifier, packet: unknown, options: CallOptions): Verified | undefined {
  const shape = raw.quickPacket === undefined ? undefined : PACKET_SHAPES.find(options);
  if (raw.quickPacket === undefined || raw.signer === undefined || shape === undefined) {
    return undefined;
  }
  if (typeof packet !== 'string' && !isUint8Array(packet)) {
    return undefined;
  }
  let body: string | Uint8Array | undefined;
  try {
    const { context } = options;
    const now = quickTime(shape, options);
    body = typeof context === 'string' && now !== undefined ? raw.quickPacket(packet, context, now) : undefined;
  } catch {
    return undefined;
  }
  const { keyId, owner, timestamp, nonce } = raw.signer;
  return body === undefined ? undefined : verified(body, keyId, owner, timestamp, nonce);
}

/** @internal */
export function quickParts(raw: RawPacketVerifier, options: VerifyPartsOptions): Verified | undefined {
  const shape = raw.quickParts === undefined ? undefined : PARTS_SHAPES.find(options);
  if (raw.quickParts === undefined || raw.signer === undefined || shape === undefined) {
    return undefined;
  }
  let held: string | Uint8Array | undefined;
  let keyId: string;
  let nonce: string;
  try {
    // Each value is read once, and all before the first is used.
    ({ keyId, nonce } = options);
    const { kind, body, ts, sig, context } = options;
    const now = quickTime(shape, options);
    held =
      areStrings(keyId, kind, nonce, sig, context) && typeof ts === 'number' && isUint8Array(body) && now !== undefined
        ? raw.quickParts(keyId, kind, body, ts, nonce, sig, context, now)
        : undefined;
  } catch {
    return undefined;
  }
  const { owner, timestamp } = raw.signer;
  return held === undefined ? undefined : verified(held, keyId, owner, timestamp, nonce);
}

/** The claims of a token; who signed it stands in the engine's `signer`. @internal */
export function quickToken(raw: RawTokenVerifier, token: string, options: NowOption | undefined): RawClaims | undefined {
  const shape = options === undefined ? NO_OPTIONS : TOKEN_SHAPES.find(options);
  if (raw.quickToken === undefined || shape === undefined) {
    return undefined;
  }
  let now: number | undefined;
  try {
    now = quickTime(shape, options);
  } catch {
    return undefined;
  }
  return now === undefined ? undefined : raw.quickToken(token, now);
}

/** Learns the options of a call that was judged in full, for the next. @internal */
export const learnPacket = (options: unknown): void => PACKET_SHAPES.learn(options);
/** @internal */
export const learnParts = (options: unknown): void => PARTS_SHAPES.learn(options);
/** @internal */
export const learnToken = (options: unknown): void => TOKEN_SHAPES.learn(options);

function areStrings(keyId: unknown, kind: unknown, nonce: unknown, sig: unknown, context: unknown): boolean {
  return typeof keyId === 'string' && typeof kind === 'string' && typeof nonce === 'string' && typeof sig === 'string' && typeof context === 'string';
}

const PACKET_SHAPES = new Shapes(['context']);
const PARTS_SHAPES = new Shapes(['keyId', 'kind', 'body', 'ts', 'nonce', 'sig', 'context']);
const TOKEN_SHAPES = new Shapes([]);
const NO_OPTIONS: Shape = { names: [], timed: false };

import type { RawVerified } from './engine.js';
import { refuse } from './errors.js';

const SEAL = Symbol('verified');

/** Evidence as the engine gave it. @internal */
export let verified: (raw: RawVerified) => Verified;

/** Evidence that a packet is genuine, of its time, and seen for the first time. Only a verifier makes one. */
export class Verified {
  /** `json` with `payload` and `payloadText`, or `bytes` with `data`. */
  readonly kind: 'json' | 'bytes';
  /** The JSON value, parsed from the very text that was signed. */
  declare readonly payload?: unknown;
  /** The JSON value's RFC 8785 form: the bytes that were signed. */
  declare readonly payloadText?: string;
  /** The raw bytes. */
  declare readonly data?: Uint8Array;
  readonly keyId: string;
  /** Who holds the key that signed: the caller's identity. */
  readonly owner: string;
  /** When it was signed, in Unix seconds. */
  readonly timestamp: number;
  readonly nonce: string;

  private constructor(seal: symbol, raw: RawVerified) {
    if (seal !== SEAL) {
      refuse('only a PacketVerifier makes a Verified');
    }
    if (raw.payloadText === undefined) {
      this.kind = 'bytes';
      this.data = new Uint8Array(raw.data as ArrayBuffer);
    } else {
      this.kind = 'json';
      this.payload = JSON.parse(raw.payloadText);
      this.payloadText = raw.payloadText;
    }
    this.keyId = raw.keyId;
    this.owner = raw.owner;
    this.timestamp = raw.timestamp;
    this.nonce = raw.nonce;
  }

  static {
    verified = (raw) => new Verified(SEAL, raw);
  }
}

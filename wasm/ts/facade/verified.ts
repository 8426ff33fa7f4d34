import { refuse } from './errors.js';

const SEAL = Symbol('verified');

/** Evidence of a body (JSON text, or bytes that nobody else holds) and its signer. @internal */
export let verified: (
  body: string | Uint8Array,
  keyId: string,
  owner: string,
  timestamp: number,
  nonce: string,
) => Verified;

/** Evidence that a packet is genuine, of its time, and seen for the first time. Only a verifier makes one. */
export class Verified {
  /** `json` with `payload` and `payloadText`, or `bytes` with `data`. */
  declare readonly kind: 'json' | 'bytes';
  /** The JSON value, parsed from the very text that was signed. */
  declare readonly payload?: unknown;
  /** The JSON value's RFC 8785 form: the bytes that were signed. */
  declare readonly payloadText?: string;
  /** The raw bytes. */
  declare readonly data?: Uint8Array;
  declare readonly keyId: string;
  /** Who holds the key that signed: the caller's identity. */
  declare readonly owner: string;
  /** When it was signed, in Unix seconds. */
  declare readonly timestamp: number;
  declare readonly nonce: string;

  private constructor(seal: symbol, body: string | Uint8Array, keyId: string, owner: string, timestamp: number, nonce: string) {
    if (seal !== SEAL) {
      refuse('only a PacketVerifier makes a Verified');
    }
    this.kind = typeof body === 'string' ? 'json' : 'bytes';
    this.keyId = keyId;
    this.owner = owner;
    this.timestamp = timestamp;
    this.nonce = nonce;
    if (typeof body === 'string') {
      this.payload = JSON.parse(body);
      this.payloadText = body;
    } else {
      this.data = body;
    }
  }

  static {
    verified = (body, keyId, owner, timestamp, nonce) => new Verified(SEAL, body, keyId, owner, timestamp, nonce);
  }
}

import { lengthOf } from './facade/bytes.js';

/** The memory that the addon and this thread's JavaScript share, by the layout that the addon's `quick.rs` gives. */
export class Memory {
  readonly #times: Float64Array;
  readonly #length: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #nonce: Buffer;
  readonly #bodies: (Uint8Array | undefined)[] = [];

  constructor(buffer: ArrayBuffer) {
    this.#times = new Float64Array(buffer, 0, 2);
    this.#length = new Uint32Array(buffer, LENGTH, 1);
    this.#bytes = new Uint8Array(buffer);
    this.#nonce = Buffer.from(buffer, NONCE, NONCE_LENGTH);
  }

  /** When the packet was signed. */
  get ts(): number {
    return this.#times[0] as number;
  }

  /** The time to verify by; below 0 for the system's clock. */
  set now(now: number) {
    this.#times[1] = now;
  }

  /** Whether the signer is another than last time. */
  get isOtherSigner(): boolean {
    return this.#bytes[SIGNER] !== 0;
  }

  /** The nonce of a packet's text. */
  get nonce(): string {
    return this.#nonce.toString('latin1');
  }

  /** Puts a body in, and the times to verify it by; false if there is no room for it, or nothing of it left. */
  put(body: Uint8Array, ts: number, now: number): boolean {
    const length = lengthOf(body);
    const bytes = this.#bytes;
    if (length > bytes.length - BODY) {
      return false;
    }
    try {
      bytes.set(body, BODY);
    } catch {
      return false;
    }
    this.#length[0] = length;
    const times = this.#times;
    times[0] = ts;
    times[1] = now;
    return true;
  }

  /** A copy of the body. */
  take(): Uint8Array {
    const length = this.#length[0] as number;
    const body = length < SHORT ? (this.#bodies[length] ??= this.#body(length)) : this.#body(length);
    return new Uint8Array(body);
  }

  #body(length: number): Uint8Array {
    return this.#bytes.subarray(BODY, BODY + length);
  }
}

const LENGTH = 16;
const SIGNER = 20;
const NONCE = 24;
const NONCE_LENGTH = 22;
const BODY = 64;
// Up to here views are kept: to make one takes longer than to copy what it shows.
const SHORT = 256;

import { lengthOf } from './facade/bytes.js';

/** The memory that the addon and this thread's JavaScript share, by the layout that the addon's `quick.rs` gives. */
export class Memory {
  readonly #numbers: Float64Array;
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  readonly #length: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #nonce: Buffer;
  readonly #bodies: (Uint8Array | undefined)[] = [];

  constructor(buffer: ArrayBuffer) {
    this.#numbers = new Float64Array(buffer, BODY);
    this.#words = new Uint32Array(buffer, BODY);
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

  /** How the claims of a token are laid out: 0 not at all, or one of the two below. */
  get layout(): number {
    return this.#bytes[LAYOUT] as number;
  }

  /** Gives an object, which has these names, the values that are laid out; strings are taken out of the text. */
  fill(object: Record<string, unknown>, names: readonly string[], text: string): Record<string, unknown> {
    const numbers = this.#numbers;
    const words = this.#words;
    for (let index = 0; index < names.length; index++) {
      const start = words[4 * index + 2] as number;
      object[names[index] as string] =
        start >= FIRST_STRING ? text.slice(start, words[4 * index + 3]) : start === NUMBER ? numbers[2 * index] : LITERALS[start];
    }
    return object;
  }

  #body(length: number): Uint8Array {
    return this.#bytes.subarray(BODY, BODY + length);
  }
}

/** The claims are flat, and named otherwise than the last ones. */
export const OTHER_NAMES = 1;
/** The claims are flat, and named as the last ones. */
export const SAME_NAMES = 2;

const NUMBER = 0;
const LITERALS = [undefined, true, false, null];
const FIRST_STRING = 4;
const LENGTH = 16;
const SIGNER = 20;
const LAYOUT = 21;
const NONCE = 24;
const NONCE_LENGTH = 22;
const BODY = 64;
// Up to here views are kept: to make one takes longer than to copy what it shows.
const SHORT = 256;

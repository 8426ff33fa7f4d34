import type { Exports } from './module.js';

/**
 * A packet's parts on their way to the quick call. They have a place of their own in the module's memory, so that texts that seldom change can
 * stay there from call to call: nonce and signature first, then key id and context, and the body where no text reaches.
 */
export class Parts {
  readonly #wasm: Exports;
  #memory = NONE;
  #start = 0;
  #room = -1;
  // Where nonce and signature go.
  #fresh = NONE;
  #keyId = '';
  #context = '';
  #owner = '';
  // Of the body, by its length: to make a view takes longer than to copy what it shows.
  #views: (Uint8Array | undefined)[] = [];

  constructor(wasm: Exports) {
    this.#wasm = wasm;
  }

  /** Writes the parts, the body of `size` bytes. False for texts that this place is not made for: no verifier accepts such. */
  write(keyId: string, nonce: string, sig: string, context: string, body: Uint8Array, size: number): boolean {
    if (size > this.#room || this.#owner === '') {
      this.#make(size);
    }
    this.#look();
    if ((keyId !== this.#keyId || context !== this.#context) && !this.#settle(keyId, context)) {
      return false;
    }
    this.#memory.set(body, this.#start + BODY);
    // The encoder takes two thirds of the time of a loop, if it is given both at once.
    const { read, written } = encoder.encodeInto(nonce + sig, this.#fresh);
    return nonce.length === NONCE && sig.length === SIG && read === NONCE + SIG && written === NONCE + SIG;
  }

  /** The owner, by what the call answered: how long the name is, or 0 for the one that it told last. */
  owner(length: number): string {
    if (length > 0) {
      // Should the next lines throw, no other owner may stand in for this one.
      this.#owner = '';
      const start = this.#wasm.answer();
      this.#owner = decoder.decode(new Uint8Array(this.#wasm.memory.buffer, start, length));
    }
    return this.#owner;
  }

  /** A copy of the body that was written. */
  body(size: number): Uint8Array {
    this.#look();
    return new Uint8Array(size < SHORT_COPY ? (this.#views[size] ??= this.#view(size)) : this.#view(size));
  }

  /** The body that was written, as text. */
  bodyText(size: number): string {
    this.#look();
    return decoder.decode(this.#view(size));
  }

  #make(size: number): void {
    this.#memory = NONE;
    this.#keyId = this.#context = '';
    const room = Math.max(size, this.#room, LEAST_ROOM);
    this.#start = this.#wasm.parts(BODY + room);
    this.#room = room;
  }

  // Growing memory takes all views away, and moves nothing.
  #look(): void {
    if (this.#memory.length === 0) {
      this.#memory = new Uint8Array(this.#wasm.memory.buffer);
      this.#fresh = this.#memory.subarray(this.#start, this.#start + NONCE + SIG);
      this.#views = [];
    }
  }

  // Whether they stand there now. Nothing is said to stand there while it is being written.
  #settle(keyId: string, context: string): boolean {
    this.#keyId = this.#context = '';
    if (keyId.length > MOST_KEY_ID || context.length > MOST_CONTEXT) {
      return false;
    }
    const start = this.#start + NONCE + SIG;
    const texts = keyId + context;
    const { read, written } = encoder.encodeInto(texts, this.#memory.subarray(start, this.#start + BODY));
    if (read !== texts.length || written !== texts.length) {
      return false;
    }
    this.#keyId = keyId;
    this.#context = context;
    return true;
  }

  #view(size: number): Uint8Array {
    const start = this.#start + BODY;
    return this.#memory.subarray(start, start + size);
  }
}

const NONE = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const NONCE = 22;
const SIG = 43;
const MOST_KEY_ID = 64;
const MOST_CONTEXT = 256;
// Where the body begins: room for the longest texts.
const BODY = 388;
const LEAST_ROOM = 4096 - BODY;
// Up to here views are kept.
const SHORT_COPY = 256;

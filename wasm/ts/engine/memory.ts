import type { Exports } from './module.js';

/**
 * The module's memory, as far as calls go: arguments are written one behind the other into the scratch area, answers are
 * read out of theirs. Both hold until the next call.
 */
export class Memory {
  readonly #wasm: Exports;
  #bytes: Uint8Array;
  #start = 0;
  #room = 0;
  #end = 0;

  constructor(wasm: Exports) {
    this.#wasm = wasm;
    this.#bytes = new Uint8Array(wasm.memory.buffer);
  }

  /** Begins the arguments of a call, which come to `length` bytes at most; a text has up to three a character. */
  begin(length: number): void {
    if (length > this.#room) {
      this.#room = Math.max(length, LEAST_ROOM);
      this.#start = this.#wasm.scratch(this.#room);
    }
    this.#view();
    this.#end = this.#start;
  }

  /** Writes a text, and says how many bytes it is. A lone surrogate becomes U+FFFD. */
  text(text: string): number {
    const { length } = text;
    return length <= SHORT && this.#ascii(text, length) ? length : this.#encoded(text);
  }

  /** Writes bytes, and says how many. */
  bytes(bytes: Uint8Array): number {
    const length = sizeOf(bytes);
    this.#bytes.set(bytes, this.#end);
    this.#end += length;
    return length;
  }

  /** Writes a text behind its length. */
  field(text: string): void {
    const start = this.#end;
    this.#end += FIELD_LENGTH;
    const length = this.text(text);
    this.#end = start;
    this.length(length);
    this.#end += length;
  }

  /** Writes a length. */
  length(length: number): void {
    for (let shift = 0; shift < 8 * FIELD_LENGTH; shift += 8) {
      this.#bytes[this.#end++] = length >>> shift;
    }
  }

  /** The answer, which has `length` bytes. */
  answer(length: number): Uint8Array {
    this.#view();
    const start = this.#wasm.answer();
    return this.#bytes.subarray(start, start + length);
  }

  /** The answer as text. */
  answerText(length: number): string {
    return decode(this.answer(length));
  }

  /** A copy of the first argument, which has `length` bytes. */
  firstBytes(length: number): Uint8Array {
    return this.#first(length).slice();
  }

  /** The first argument, which has `length` bytes, as text. */
  firstText(length: number): string {
    return decode(this.#first(length));
  }

  #first(length: number): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#start + length);
  }

  // Growing memory takes all views away.
  #view(): void {
    if (this.#bytes.length === 0) {
      this.#bytes = new Uint8Array(this.#wasm.memory.buffer);
    }
  }

  #ascii(text: string, length: number): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    let all = 0;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      bytes[end + index] = unit;
      all |= unit;
    }
    if (all > 127) {
      return false;
    }
    this.#end = end + length;
    return true;
  }

  #encoded(text: string): number {
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#end, this.#start + this.#room));
    this.#end += written;
    return written;
  }
}

/** Fields out of an answer, each led by its length. */
export class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  bytes(): Uint8Array {
    const view = this.#dataView();
    const start = this.#at + 4;
    this.#at = start + view.getUint32(this.#at, true);
    return this.#bytes.subarray(start, this.#at);
  }

  text(): string {
    return decode(this.bytes());
  }

  number(): number {
    const at = this.#at + 4;
    this.#at = at + 8;
    return this.#dataView().getFloat64(at, true);
  }

  #dataView(): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
  }
}

/** How many bytes there are, whatever properties were put on the object. */
export function sizeOf(bytes: Uint8Array): number {
  return lengthOf.call(bytes);
}

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const lengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype) as object, 'length')?.get as (
  this: Uint8Array,
) => number;
const LEAST_ROOM = 4096;
/** The bytes of the length before a field. */
export const FIELD_LENGTH = 4;
// Up to here a loop is quicker than the encoder.
const SHORT = 48;

import { refuse, type ErrorCode } from './errors.js';

/** A string argument; a lone surrogate is refused here, because every encoder would replace it in silence. */
export function text(value: unknown, name: string, code: ErrorCode = 'malformed_argument'): string {
  if (typeof value !== 'string') {
    refuse(`${name} must be a string`, code);
  }
  if (!isWellFormed(value)) {
    refuse(`${name} must be a string without lone surrogates`, code);
  }
  return value;
}

/** Whether every surrogate stands in a pair. */
export function isWellFormed(value: string): boolean {
  return value.isWellFormed();
}

/** Bytes of a text that came from outside. A lone surrogate keeps its place, as WTF-8, so that the core can refuse it there. */
export function encode(value: string): Uint8Array {
  return isWellFormed(value) ? encoder.encode(value) : encodeIllFormed(value);
}

// By hand and in one pass: a text of nothing but lone surrogates must cost no more than another.
function encodeIllFormed(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length * 3);
  let end = 0;
  for (const character of value) {
    end = put(bytes, end, character.codePointAt(0) as number);
  }
  return bytes.subarray(0, end);
}

function put(bytes: Uint8Array, at: number, code: number): number {
  let shift = code < 0x80 ? 0 : code < 0x800 ? 6 : code < 0x10000 ? 12 : 18;
  bytes[at++] = (FIRST[shift] as number) | (code >> shift);
  while (shift > 0) {
    shift -= 6;
    bytes[at++] = 0x80 | ((code >> shift) & 0x3f);
  }
  return at;
}

const encoder = new TextEncoder();
// What marks the first byte of a sequence, by the bits that the following bytes take.
const FIRST: Readonly<Record<number, number>> = { 0: 0, 6: 0xc0, 12: 0xe0, 18: 0xf0 };

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
  return !LONE_SURROGATE.test(value);
}

/** Bytes of a text that came from outside. A lone surrogate keeps its place, as WTF-8, so that the core can refuse it there. */
export function encode(value: string): Uint8Array {
  return isWellFormed(value) ? encoder.encode(value) : encodeIllFormed(value);
}

function encodeIllFormed(value: string): Uint8Array {
  const pieces = Array.from(value.split(SPLIT_AT_LONE), (piece) => (isWellFormed(piece) ? encoder.encode(piece) : encodeUnit(piece)));
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function encodeUnit(unit: string): Uint8Array {
  const code = unit.charCodeAt(0);
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}

const encoder = new TextEncoder();
// With the u flag a pair counts as one character, so that only lone surrogates match.
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
const SPLIT_AT_LONE = /([\uD800-\uDFFF])/u;

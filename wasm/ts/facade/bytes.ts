import { refuse, type ErrorCode } from './errors.js';

/** Whether a value is bytes to this SDK: a Uint8Array (a Buffer is one) or an ArrayBuffer, of any realm. */
export function isBytes(value: unknown): value is Uint8Array | ArrayBuffer {
  return isUint8Array(value) || isArrayBuffer(value);
}

/**
 * A view of bytes that the caller gave. Everything is read through the intrinsics, so that no property put on the
 * object can lie about it. Shared memory is copied: it could change between two reads.
 */
export function bytes(value: unknown, name: string, code: ErrorCode = 'malformed_argument'): Uint8Array {
  if (!isUint8Array(value)) {
    return isArrayBuffer(value)
      ? attached(() => new Uint8Array(value), name, code)
      : refuse(`${name} must be a Uint8Array or an ArrayBuffer`, code);
  }
  const buffer = bufferOf.call(value) as ArrayBuffer;
  const view = attached(() => {
    elementAt.call(value, 0); // throws where the memory is gone: the length alone would say 0
    return new Uint8Array(buffer, offsetOf.call(value) as number, lengthOf(value));
  }, name, code);
  return isArrayBuffer(buffer) ? view : view.slice();
}

function attached(view: () => Uint8Array, name: string, code: ErrorCode): Uint8Array {
  try {
    return view();
  } catch {
    return refuse(`${name} must not be a detached buffer`, code);
  }
}

/** Whether a value is a Uint8Array, whatever it says of itself. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return tagOf.call(value) === 'Uint8Array';
}

/** The length of a Uint8Array, whatever it says of itself; 0 where its memory is gone. */
export function lengthOf(view: Uint8Array): number {
  return viewLengthOf.call(view) as number;
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  try {
    bufferLengthOf.call(value);
    return true;
  } catch {
    return false;
  }
}

function getter(owner: object, name: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(owner, name)?.get as (this: unknown) => unknown;
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
const tagOf = getter(typedArray, Symbol.toStringTag);
const bufferOf = getter(typedArray, 'buffer');
const offsetOf = getter(typedArray, 'byteOffset');
const viewLengthOf = getter(typedArray, 'length');
const elementAt = typedArray.at;
const bufferLengthOf = getter(ArrayBuffer.prototype, 'byteLength');

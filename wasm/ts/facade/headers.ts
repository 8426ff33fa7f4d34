import { bytes, isBytes } from './bytes.js';
import type { RawHeaders } from './engine.js';
import { refuse } from './errors.js';
import { isPlainObject } from './plain.js';

/** One header field: its name and its value. A string stands for its UTF-8 bytes. */
export type HeaderField = readonly [name: string, value: string | Uint8Array | ArrayBuffer];

/** Header fields in order, repeated ones as they came: as pairs, or name, value, name, value as in Node's `rawHeaders`. */
export type HeaderList = readonly HeaderField[] | readonly string[];

/** The header fields of a request that is about to leave: a list, a `Headers` or `Map`, or a plain object. */
export type HeaderSource = HeaderList | Iterable<HeaderField> | Readonly<Record<string, HeaderField[1]>>;

/** Header fields as an engine takes them, and what is none among them. */
export interface ReadHeaders {
  readonly fields: RawHeaders;
  /** What and where, for the error's detail; undefined if there is no such thing. */
  readonly fault: string | undefined;
}

/** The header fields of a request of the caller's own; none if absent. */
export function ownHeaders(headers: unknown): RawHeaders {
  const { fields, fault } = headers === undefined ? NONE : guarded(() => readAny(headers));
  return fault === undefined ? fields : refuse(fault);
}

/** The header fields of a peer's request. The list is the caller's own, what it holds the peer's. */
export function peerHeaders(headers: unknown): ReadHeaders {
  return Array.isArray(headers)
    ? guarded(() => read(headers as readonly unknown[]))
    : refuse("headers must be an array in the order of arrival: of names and values in pairs, or Node's rawHeaders");
}

function readAny(headers: unknown): ReadHeaders {
  if (typeof headers !== 'object' || headers === null) {
    return faulty(SOURCE);
  }
  if (Symbol.iterator in headers) {
    return read(Array.from(headers as Iterable<unknown>));
  }
  return isPlainObject(headers) ? readPairs(Object.keys(headers).map((name) => [name, ownValue(headers, name)])) : faulty(SOURCE);
}

function read(list: readonly unknown[]): ReadHeaders {
  return typeof list[0] === 'string' ? readFlat(Array.from(list)) : readPairs(list);
}

function readFlat(list: readonly unknown[]): ReadHeaders {
  const odd = list.findIndex((text) => typeof text !== 'string');
  if (odd >= 0) {
    return faulty(`headers[${odd}] must be a string, as all others of the list`);
  }
  return list.length % 2 === 0 ? { fields: list as RawHeaders, fault: undefined } : faulty('headers must hold a value for each name');
}

function readPairs(list: readonly unknown[]): ReadHeaders {
  const fields: string[] = [];
  for (let index = 0; index < list.length; index++) {
    const pair = list[index];
    const [name, value] = Array.isArray(pair) && pair.length === 2 ? [pair[0] as unknown, valueOf(pair[1])] : [];
    if (typeof name !== 'string' || value === undefined) {
      return faulty(`headers[${index}] must be a name, a string, and a value, a string or bytes`);
    }
    fields.push(name, value);
  }
  return { fields, fault: undefined };
}

// A getter is not called: its field has no value, and is refused.
function ownValue(headers: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(headers, name)?.value;
}

// Of bytes that are not ASCII no more is kept than that: the core refuses them wherever it looks at them.
function valueOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : isBytes(value) ? decoder.decode(bytes(value, 'value')) : undefined;
}

// What iterates, and a proxy, may throw anything.
function guarded(run: () => ReadHeaders): ReadHeaders {
  try {
    return run();
  } catch {
    return faulty('headers cannot be read');
  }
}

function faulty(fault: string): ReadHeaders {
  return { fields: [], fault };
}

const NONE: ReadHeaders = { fields: [], fault: undefined };
const SOURCE = 'headers must be a list of names and values in pairs, a Headers object, or a plain object';
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

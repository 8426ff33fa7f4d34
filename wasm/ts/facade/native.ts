import { isPlainArray, isPlainObject } from './plain.js';
import { isWellFormed } from './text.js';

/** A native value as JSON text, and what JSON could not carry. */
export interface Walked {
  /** Valid JSON. In the place of the first thing JSON cannot carry stands a text that the core's strict reader refuses. */
  readonly text: string;
  /** Where that is and why, for the error's detail; undefined if there is no such thing. */
  readonly fault: string | undefined;
}

/**
 * Writes a value as `JSON.stringify` would, without running any code of the value's own: no getter, no `toJSON`. The
 * core judges the text, so that a value and its text cannot get different verdicts. Past `limit` characters it ends: the
 * core refuses so long a text unread, and an object that holds another many times over has no end worth waiting for.
 */
export function walk(value: unknown, name: string, limit = OPTIONS_LIMIT): Walked {
  const walker = new Walker(name, limit);
  const text = walker.value(value, 0);
  return { text, fault: walker.fault };
}

/** Writes a parsed packet, or a handshake, likewise. What is no plain object is none. */
export function walkPacket(value: unknown, limit: number, name = 'packet'): Walked {
  const walker = new Walker(name, limit);
  const text = walker.packet(value);
  return { text, fault: walker.fault };
}

class Walker {
  fault: string | undefined;
  readonly #name: string;
  readonly #path: (string | number)[] = [];
  #left: number;

  constructor(name: string, limit: number) {
    this.#name = name;
    this.#left = limit;
  }

  value(value: unknown, depth: number): string {
    const text = this.#write(value, depth);
    this.#left -= typeof value === 'object' ? BRACKETS : text.length;
    return text;
  }

  #write(value: unknown, depth: number): string {
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return Number.isFinite(value) ? String(value) : this.#refuse(`is ${value}`);
      case 'boolean':
        return String(value);
      case 'object':
        return value === null ? 'null' : this.#container(value, depth);
      case 'undefined':
        return this.#refuse('is undefined');
      default:
        return this.#refuse(`is a ${typeof value}`);
    }
  }

  packet(value: unknown): string {
    return this.#guarded(() => {
      if (typeof value !== 'object' || value === null || !isPlainObject(value)) {
        return this.#refuse('must be text, bytes or a plain object');
      }
      // Another version must come out as such, whatever else the packet holds.
      return this.#object(value, -1, (name) => this.#goesOn() || name === 'v');
    });
  }

  #container(value: object, depth: number): string {
    if (depth >= MAX_DEPTH) {
      return this.#refuse(`is nested deeper than ${MAX_DEPTH}`);
    }
    return this.#guarded(() => {
      if (isPlainArray(value)) {
        return this.#array(value, depth);
      }
      return isPlainObject(value)
        ? this.#object(value, depth, () => this.#goesOn())
        : this.#refuse('is neither a plain object nor a plain array');
    });
  }

  #array(value: unknown[], depth: number): string {
    const items: string[] = [];
    for (let index = 0; index < value.length && this.#goesOn(); index++) {
      const property = Reflect.getOwnPropertyDescriptor(value, index);
      this.#path.push(index);
      items.push(property === undefined ? this.#refuse('is a hole') : this.#property(property, depth));
      this.#path.pop();
    }
    return `[${items.join(',')}]`;
  }

  #object(value: object, depth: number, wanted: (name: string | symbol) => boolean): string {
    const members: string[] = [];
    for (const name of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, name);
      if (property?.enumerable === true && wanted(name)) {
        members.push(this.#member(name, property, depth));
      }
    }
    return `{${members.join(',')}}`;
  }

  #member(name: string | symbol, property: PropertyDescriptor, depth: number): string {
    if (typeof name === 'symbol') {
      return `"":${this.#refuse('has a symbol as a name')}`;
    }
    this.#left -= name.length;
    this.#path.push(name);
    const text = `${this.#string(name)}:${this.#property(property, depth)}`;
    this.#path.pop();
    return text;
  }

  #property(property: PropertyDescriptor, depth: number): string {
    return Object.hasOwn(property, 'value') ? this.value(property.value, depth + 1) : this.#refuse('is a getter or setter');
  }

  #string(value: string): string {
    if (!isWellFormed(value)) {
      this.#note('holds a lone surrogate');
    }
    return JSON.stringify(value);
  }

  #goesOn(): boolean {
    return this.fault === undefined && this.#left >= 0;
  }

  // A proxy's traps may throw anything; the stack may end.
  #guarded(write: () => string): string {
    const depth = this.#path.length;
    try {
      return write();
    } catch {
      this.#path.length = depth;
      return this.#refuse('cannot be read');
    }
  }

  #refuse(why: string): string {
    this.#note(why);
    return REFUSED;
  }

  #note(why: string): void {
    this.fault ??= `${this.#name}${this.#path.map(shorten).join('')} ${why}`;
  }
}

function shorten(step: string | number): string {
  return `[${JSON.stringify(typeof step === 'string' && step.length > MAX_SHOWN ? `${step.slice(0, MAX_SHOWN)}…` : step)}]`;
}

const MAX_DEPTH = 64;
const MAX_SHOWN = 40;
const BRACKETS = 2;
// Far above what any option or claim can need.
const OPTIONS_LIMIT = 2 ** 20;
// Valid by JSON's grammar, refused by the strict reader wherever it stands.
const REFUSED = '"\\ud800"';

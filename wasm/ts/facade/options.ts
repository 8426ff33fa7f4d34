import { refuse, type ErrorCode } from './errors.js';
import { walk } from './native.js';
import { isPlainObject } from './plain.js';

/** Options by their common name (`maxAge` becomes `max_age`); one that is undefined counts as absent. */
export type Options = Map<string, unknown>;

/** Reads an options object without calling a getter. */
export function readOptions(value: unknown, what: string): Options {
  const options: Options = new Map();
  if (value === undefined) {
    return options;
  }
  if (typeof value !== 'object' || value === null || !isPlainObject(value)) {
    refuse(`${what} must be a plain object`);
  }
  // Names first, then symbols: Reflect.ownKeys has this order too, and takes four times as long.
  for (const names of [Object.getOwnPropertyNames(value), Object.getOwnPropertySymbols(value)]) {
    for (const name of names) {
      const property = Object.getOwnPropertyDescriptor(value, name);
      if (property?.enumerable === true) {
        addOption(options, name, property, what);
      }
    }
  }
  return options;
}

/** Refuses an option by its name unless it is one of `allowed` (written as the caller writes them). */
export function checkAllowed(options: Options, allowed: readonly string[], what: string): void {
  for (const name of options.keys()) {
    if (!allowed.some((one) => commonName(one) === name)) {
      refuse(`${what}: unknown option ${JSON.stringify(name)}, allowed are ${allowed.join(', ')}`);
    }
  }
}

/** Removes an option and hands it over. */
export function take(options: Options, name: string): unknown {
  const value = options.get(name);
  options.delete(name);
  return value;
}

/** The options as the JSON text that the core judges. */
export function toJson(options: Options, what: string, code?: ErrorCode): string {
  const members = Array.from(options, ([name, value]) => `${JSON.stringify(name)}:${argumentJson(value, `${what}[${JSON.stringify(name)}]`, code)}`);
  return `{${members.join(',')}}`;
}

/** An argument of the caller's own as JSON text. */
export function argumentJson(value: unknown, name: string, code?: ErrorCode): string {
  const { text, fault } = walk(value, name);
  return fault === undefined ? text : refuse(fault, code);
}

function addOption(options: Options, name: string | symbol, property: PropertyDescriptor, what: string): void {
  if (typeof name === 'symbol') {
    refuse(`${what} must not have a symbol as a name`);
  }
  if (!Object.hasOwn(property, 'value')) {
    refuse(`${what}: ${JSON.stringify(name)} must not be a getter or setter`);
  }
  if (property.value === undefined) {
    return;
  }
  const common = commonName(name);
  if (options.has(common)) {
    refuse(`${what}: ${JSON.stringify(name)} is given twice`);
  }
  options.set(common, property.value);
}

function commonName(name: string): string {
  return CAPITAL.test(name) ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name;
}

const CAPITAL = /[A-Z]/;

import { Fields, Memory } from './memory.js';
import { instantiate, type Exports } from './module.js';

/** The module that runs. */
export let wasm: Exports;
/** Its memory. */
export let memory: Memory;

/** Runs a module, before anything else here is used. */
export function begin(module: WebAssembly.Module): void {
  wasm = instantiate(module);
  memory = new Memory(wasm);
}

/** An object inside the module, given back when nothing here holds it any more. */
export class Thing {
  readonly handle: number;

  constructor(handle: number) {
    this.handle = done(handle);
    released.register(this, this.handle);
  }
}

const released = new FinalizationRegistry<number>((handle) => wasm.forget(handle));

/** What a call answered; a refusal is thrown with its text, `code LF detail`. */
export function done(outcome: number): number {
  if (outcome < 0) {
    throw new Error(memory.answerText(-1 - outcome));
  }
  return outcome;
}

/** As `done`; the answer as text. */
export function said(length: number): string {
  return memory.answerText(done(length));
}

/** As `done`; the answer's fields by rows. */
export function rows<T>(length: number, row: (fields: Fields) => T): T[] {
  const fields = new Fields(memory.answer(done(length)));
  const all: T[] = [];
  while (!fields.ended) {
    all.push(row(fields));
  }
  return all;
}

/** Writes a text that may be absent, which has no length. */
export function optionalText(text: string | undefined): number {
  return text === undefined ? ABSENT : memory.text(text);
}

const ABSENT = -1;

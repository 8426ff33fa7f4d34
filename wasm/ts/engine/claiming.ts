import type { RawClaiming } from '../facade/engine.js';
import { Fields } from './memory.js';
import { done, memory, optionalText, Thing, wasm } from './thing.js';

/** How a guard that replicas share is used. */
export class SharedGuard extends Thing {
  constructor(options: string) {
    memory.begin(3 * options.length);
    super(wasm.shared_guard_new(memory.text(options)));
  }
}

/** What the module keeps until the store has answered. */
export class Claiming<V> extends Thing implements RawClaiming<V> {
  readonly #keys: string[];
  readonly #arguments: string[];
  readonly #settle: (claiming: number, reply: number, why: number) => V;

  constructor(length: number, settle: (claiming: number, reply: number, why: number) => V) {
    const fields = new Fields(memory.answer(done(length)));
    super(fields.number());
    this.#keys = Array.from({ length: fields.number() }, () => fields.text());
    this.#arguments = [];
    while (!fields.ended) {
      this.#arguments.push(fields.text());
    }
    this.#settle = settle;
  }

  keys(): string[] {
    return this.#keys;
  }

  arguments(): string[] {
    return this.#arguments;
  }

  settle(reply: number, why?: string): V {
    memory.begin(3 * (why?.length ?? 0));
    return this.#settle(this.handle, reply, optionalText(why));
  }
}

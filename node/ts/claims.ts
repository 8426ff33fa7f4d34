import { OTHER_NAMES, SAME_NAMES, type Memory } from './memory.js';

/** Makes claims of their text: from the values that the addon laid out where they are flat and named as the last ones were. */
export class ClaimsReader {
  readonly #memory: Memory;
  #names: readonly string[] = [];
  // An object with these names, each null: a copy of it is made in no time, and its values then find their places.
  #blank: Readonly<Record<string, unknown>> | undefined;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** The claims of a text that the addon has just handed over. */
  read(text: string): Readonly<Record<string, unknown>> {
    const layout = this.#memory.layout;
    if (layout === SAME_NAMES && this.#blank !== undefined) {
      return this.#memory.fill({ ...this.#blank }, this.#names, text);
    }
    this.#blank = undefined;
    const claims = JSON.parse(text) as Record<string, unknown>;
    if (layout === OTHER_NAMES) {
      this.#names = Object.keys(claims);
      this.#blank = JSON.parse(JSON.stringify(claims, (name, value: unknown) => (name === '' && value === claims ? value : null))) as Record<string, unknown>;
    }
    return claims;
  }
}

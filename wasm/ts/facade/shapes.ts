/** One list of names that a call's options have come with. */
export interface Shape {
  readonly names: readonly string[];
  /** Whether `now` is among them: a name that is not there is not read, since a prototype might answer. */
  readonly timed: boolean;
}

/**
 * The lists of names that the options of one call have come with. To judge options in full takes longer than to verify a packet. So each list
 * of names is judged in full when it comes first; a plain object with the same names in the same order is then read as it is, each value once.
 */
export class Shapes {
  readonly #needed: readonly string[];
  readonly #known: Shape[] = [];

  constructor(needed: readonly string[]) {
    this.#needed = needed;
  }

  /** The list that these options come with, if it has been learned. */
  find(options: unknown): Shape | undefined {
    if (isPlain(options)) {
      for (let index = 0; index < this.#known.length; index++) {
        const shape = this.#known[index] as Shape;
        if (comesWith(options, shape.names)) {
          return shape;
        }
      }
    }
    return undefined;
  }

  /** Learns the names of options that have just been judged in full. */
  learn(options: unknown): void {
    if (this.#known.length < MAX_SHAPES && typeof options === 'object' && options !== null) {
      const names = Object.keys(options);
      const timed = names.includes('now');
      const complete = this.#needed.every((name) => names.includes(name)) && names.length === this.#needed.length + Number(timed);
      if (complete && this.find(options) === undefined) {
        this.#known.push({ names, timed });
      }
    }
  }
}

// To be asked of its constructor tells V8 what kind of object it is; it then knows the prototype and need not look for it.
function isPlain(options: unknown): options is object {
  return (
    typeof options === 'object' &&
    options !== null &&
    options.constructor === Object &&
    Object.getPrototypeOf(options) === Object.prototype
  );
}

// A loop over names takes half as long as Object.keys, which makes a list. It goes on to names that a prototype was given: those come last, and
// are not own.
function comesWith(options: object, names: readonly string[]): boolean {
  let count = 0;
  let last = '';
  for (const name in options) {
    if (name !== names[count]) {
      return false;
    }
    last = name;
    count++;
  }
  return count === names.length && (count === 0 || hasOwn.call(options, last));
}

const hasOwn = Object.prototype.hasOwnProperty;
const MAX_SHAPES = 4;

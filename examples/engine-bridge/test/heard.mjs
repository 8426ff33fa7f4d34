// What came, in order, and waiting for what has not come yet.

export class Heard {
  all = [];
  #watchers = new Set();

  add(thing) {
    this.all.push(thing);
    for (const look of [...this.#watchers]) look();
  }

  /** The first from the `from`th on that `wanted` holds of. */
  first(what, wanted, from = 0) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.all.slice(from).find(wanted);
        if (found !== undefined) settle(resolve, found);
      };
      const settle = (act, value) => {
        clearTimeout(limit);
        this.#watchers.delete(look);
        act(value);
      };
      const late = () => new Error(`${what} did not come within ${PATIENCE_MS / 1000} s; this came: ${JSON.stringify(this.all).slice(0, 1000)}`);
      const limit = setTimeout(() => settle(reject, late()), PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }
}

const PATIENCE_MS = 30_000;

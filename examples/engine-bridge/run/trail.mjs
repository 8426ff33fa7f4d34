// The server's audit log, read while it grows.

import { readFile } from 'node:fs/promises';

export class AuditTrail {
  constructor(file) {
    this.file = file;
  }

  /** All records so far. */
  async records() {
    const text = await readFile(this.file, 'utf8');
    // What stands behind the last line feed is still being written.
    return text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
  }

  /** The first record from the `from`th on that `wanted` holds of. */
  async seen(what, wanted, from = 0) {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = (await this.records()).slice(from).find(wanted);
      if (found !== undefined) return found;
      if (Date.now() > until) throw new Error(`the audit log did not tell ${what} within ${PATIENCE_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

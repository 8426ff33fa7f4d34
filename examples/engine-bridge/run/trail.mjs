// The server's audit log, read while it grows.

import { auditLogFiles } from 'counterseal';
import { readFile } from 'node:fs/promises';

export class AuditTrail {
  constructor(file) {
    this.file = file;
  }

  /** The log's files, oldest first. */
  files() {
    return auditLogFiles(this.file);
  }

  /** All records so far. */
  async records() {
    const texts = await Promise.all(this.files().map((file) => readFile(file, 'utf8')));
    // What stands behind the last line feed is still being written.
    return texts.flatMap((text) => text.split('\n').slice(0, -1)).map((line) => JSON.parse(line));
  }

  /** The first record from the `from`th on that `wanted` holds of. */
  seen(what, wanted, from = 0) {
    return this.until(what, (records) => records.slice(from).find(wanted));
  }

  /** What `find` finds in the records, as soon as it finds something. */
  async until(what, find) {
    const late = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = find(await this.records());
      if (found) return found;
      if (Date.now() > late) throw new Error(`the audit log did not tell ${what} within ${PATIENCE_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

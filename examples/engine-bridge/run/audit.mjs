// The server's audit log: read while it grows, and verified at the end.

import { verifyAuditLog } from 'counterseal';
import { readFile, writeFile } from 'node:fs/promises';

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

/** Verifies a log, and copies of it that were tampered with. Returns what each came to. */
export async function verifyTrail(file) {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const tampered = {};
  for (const [how, tamper] of Object.entries(TAMPERED)) {
    const copy = `${file}.${how}`;
    await writeFile(copy, tamper([...lines]).join('\n') + '\n');
    tampered[how] = verifyAuditLog(copy);
  }
  return { genuine: verifyAuditLog(file), tampered };
}

/** Each does to the lines what someone with something to hide would do. */
const TAMPERED = {
  changed: (lines) => lines.map((line) => line.replace('"success":false', '"success":true')),
  removed: (lines) => lines.toSpliced(refusalAt(lines), 1),
  reordered: (lines) => lines.toSpliced(refusalAt(lines), 2, lines[refusalAt(lines) + 1], lines[refusalAt(lines)]),
};

function refusalAt(lines) {
  return lines.findIndex((line) => line.includes('"success":false'));
}

const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

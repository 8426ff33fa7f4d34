// The audit log verified, and copies of it that were tampered with.

import { verifyAuditLog } from 'counterseal';
import { readFile, writeFile } from 'node:fs/promises';

/** Verifies a log, and copies of it with which someone hid a refusal. Returns what each came to. */
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

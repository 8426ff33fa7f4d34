// The audit log verified, and copies of it with which somebody hid a refusal.

import { verifyAuditLog } from 'counterseal';
import { readFile, rm, writeFile } from 'node:fs/promises';

/** Verifies a log that has ended, and each tampered copy. Returns the reports: `genuine`, and `tampered` by what was done. */
export async function verifyTrail(files) {
  const current = files.at(-1);
  const lines = (await readFile(current, 'utf8')).split('\n').slice(0, -1);
  const tampered = {};
  for (const [how, tamper] of Object.entries(TAMPERED)) {
    const copy = `${current}.${how}`;
    await writeFile(copy, tamper(lines).join('\n') + '\n', { mode: 0o600 });
    tampered[how] = verifyAuditLog([...files.slice(0, -1), copy]);
    await rm(copy);
  }
  return { genuine: verifyAuditLog(files), tampered };
}

/** Each does to a refusal what somebody with something to hide would do. */
const TAMPERED = {
  changed: (lines) => lines.with(refusalIn(lines), lines[refusalIn(lines)].replace('"success":false', '"success":true')),
  removed: (lines) => lines.toSpliced(refusalIn(lines), 1),
  moved: (lines) => lines.toSpliced(refusalIn(lines), 2, lines[refusalIn(lines) + 1], lines[refusalIn(lines)]),
};

function refusalIn(lines) {
  return lines.findIndex((line) => line.includes('"success":false'));
}

// The audit log verified, and copies of it that someone tampered with.

import { auditLogFiles, verifyAuditLog } from 'counterseal';
import { readFile, stat, writeFile } from 'node:fs/promises';

/** Verifies a log of any number of files, to its head, and three tampered copies. */
export async function verifyTrail(log) {
  const files = auditLogFiles(log);
  const genuine = verifyAuditLog(files);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const tampered = {};
  for (const [how, tamper] of Object.entries(TAMPERED)) tampered[how] = await verifyTampered(files, tamper, genuine.head);
  return { files, genuine, tampered, size: sizes.reduce((sum, size) => sum + size) };
}

async function verifyTampered(files, tamper, head) {
  const at = Math.floor(files.length / 2);
  const copy = `${files[at]}.tampered`;
  await writeFile(copy, tamper(lines(await readFile(files[at]))));
  return verifyAuditLog(files.with(at, copy), { head });
}

/** Each takes the lines of a file in the midst of the log, and does something to one in the midst of these. */
const TAMPERED = {
  'one bit changed'(lines) {
    const line = lines[lines.length >> 1];
    line[line.length >> 1] ^= 1;
    return lines;
  },

  'one line removed': (lines) => lines.toSpliced(lines.length >> 1, 1),

  'two lines swapped'(lines) {
    const at = (lines.length >> 1) - 1;
    return lines.toSpliced(at, 2, lines[at + 1], lines[at]);
  },
};

function lines(bytes) {
  const found = [];
  for (let from = 0, to; (to = bytes.indexOf('\n', from) + 1) > 0; from = to) found.push(bytes.subarray(from, to));
  return found;
}

// Payloads from a JSONL file: each line one strict JSON value. A line that the SDK would not sign is reported and left out.

import { readFile } from 'node:fs/promises';

/** More would outlast the clients’ tokens on a slow machine. */
export const MOST_LINES = 10_000;

/** The lines to send, and those refused with number and reason. */
export async function readPayloads(sdk, file) {
  const signer = new sdk.PacketSigner(new sdk.Key('judge', { secret: sdk.Secret.generate() }));
  const payloads = [];
  const refused = [];
  for (const [at, line] of linesOf(await readFile(file)).entries()) {
    if (isBlank(line)) continue;
    try {
      signer.signJson(line, { context: '' });
      payloads.push(line.toString());
    } catch (error) {
      if (!(error instanceof sdk.CountersealError)) throw error;
      refused.push({ line: at + 1, code: error.code, why: error.message });
    }
  }
  return { payloads, refused };
}

function linesOf(bytes) {
  const lines = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(LF, from);
    lines.push(bytes.subarray(from, end < 0 ? bytes.length : end));
    from = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

function isBlank(line) {
  return line.every((byte) => BLANK.has(byte));
}

const LF = 0x0a;
const BLANK = new Set([0x20, 0x09, 0x0d]);

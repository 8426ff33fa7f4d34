// A file of payloads: what is not strict JSON is named by its line, and is not sent.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as sdk from 'counterseal';
import { readPayloads } from '../run/payloads.mjs';

const SAMPLE = fileURLToPath(new URL('../sample.jsonl', import.meta.url));

test('the bundled sample is payloads throughout', async () => {
  const { payloads, refused } = await readPayloads(sdk, SAMPLE);
  assert.equal(payloads.length, 27);
  assert.deepEqual(refused, []);
});

test('lines end with LF or CRLF, the last with nothing; blank ones count but carry nothing', async () => {
  assert.deepEqual(await read('{"a":1}\r\n\n  \n[2]'), { payloads: ['{"a":1}\r', '[2]'], refused: [] });
});

test('a bad line is named and left out', async () => {
  const lines = ['{"a":1}', '{"a":1,"a":2}', '{"n":9007199254740993}', '{', 'NaN', '"\\ud800"', '1e999', '[3]'];
  const { payloads, refused } = await read(lines.join('\n'));
  assert.deepEqual(payloads, ['{"a":1}', '[3]']);
  assert.deepEqual(refused.map(({ line, code }) => [line, code]), [2, 3, 4, 5, 6, 7].map((line) => [line, 'malformed_payload']));
});

test('bytes that are no UTF-8, a BOM and a payload beyond the limit are refused', async () => {
  const big = Buffer.from(`"${'a'.repeat(1 << 20)}"`);
  const { payloads, refused } = await read(Buffer.concat([Buffer.from('\ufeff1\n"'), Buffer.from([0xff]), Buffer.from('"\n'), big]));
  assert.deepEqual(payloads, []);
  assert.deepEqual(refused.map(({ line, code }) => [line, code]), [[1, 'malformed_payload'], [2, 'malformed_payload'], [3, 'payload_too_large']]);
});

async function read(content) {
  const folder = await mkdtemp(join(tmpdir(), 'payloads-'));
  try {
    const file = join(folder, 'payloads.jsonl');
    await writeFile(file, content);
    return await readPayloads(sdk, file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

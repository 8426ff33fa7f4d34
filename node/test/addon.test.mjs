// The addon by itself, called as the façade never would.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as api from 'counterseal';
import { NOW, SECRET } from '../../wasm/test/suite/common.mjs';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const addon = createRequire(import.meta.url)('../counterseal.node');

function calls() {
  const memory = new addon.RawMemory();
  const ring = new addon.RawKeyring();
  ring.add(new addon.RawKey('k', addon.RawSecret.fromText(SECRET), '{}'));
  ring.add(new addon.RawKey('t', addon.RawSecret.fromBytes(new Uint8Array(32)), '{"uses":["token"]}'));
  const packets = new addon.RawPacketVerifier(ring, '{}').quick(memory);
  return { buffer: memory.buffer(), packets, tokens: new addon.RawTokenVerifier(ring, '{}').quick(memory) };
}

test('quick calls given anything answer undefined and stay alive', () => {
  const { buffer, packets: [name, parts, text, bytes, signer], tokens: [token, tokenSigner] } = calls();
  const strange = [undefined, null, 5, NaN, '', 'é', '\ud800', 'x'.repeat(100_000), [], {}, Symbol('s'), 1n, buffer, () => 1, new Proxy({}, {})];
  for (const one of strange) {
    for (const two of strange) {
      assert.equal(parts(one, two), undefined);
      assert.ok([undefined, true].includes(name(one, two, '')));
    }
    assert.deepEqual([text(one), text.call(one), token(one), Reflect.apply(parts, one, [])], [undefined, undefined, undefined, undefined]);
  }
  assert.deepEqual([parts(), text(), bytes(), token(), name()], [undefined, undefined, undefined, undefined, undefined]);
  assert.deepEqual([signer(), tokenSigner()], ['\n', '\n']);
});

test('whatever stands in the shared memory, a quick call stays within it', () => {
  const { buffer, packets: [name, parts] } = calls();
  const body = new Uint8Array(buffer.byteLength - 64);
  const made = new api.PacketSigner(new api.Key('k', { secret: SECRET })).signParts({ kind: 'bytes', body, context: '', now: NOW });
  assert.equal(name('k', 'bytes', ''), true);
  const [times, length] = [new Float64Array(buffer, 0, 2), new Uint32Array(buffer, 16, 1)];
  for (const [ts, now, size] of [[NOW, NOW, body.length + 1], [NOW, NOW, 2 ** 32 - 1], [NOW, NaN, body.length], [NaN, NOW, body.length], [NOW, Infinity, body.length], [-0, NOW, 0]]) {
    [times[0], times[1], length[0]] = [ts, now, size];
    assert.equal(parts(made.nonce, made.sig), undefined);
  }
  [times[0], times[1], length[0]] = [NOW, NOW, body.length];
  assert.equal(parts(made.nonce, made.sig), true);
  assert.equal(parts(made.nonce, made.sig), undefined);
});

test('the memory lasts for as long as a call may use it, whatever becomes of the buffer', async () => {
  const { packets: [name, parts], buffer } = calls();
  try {
    structuredClone(buffer, { transfer: [buffer] });
  } catch {
    // Some versions refuse to transfer what an addon made, some copy it instead.
  }
  for (let round = 0; round < 20; round++) {
    for (let made = 0; made < 50; made++) {
      calls();
    }
    gc();
    await setImmediate();
    assert.equal(name('k', 'bytes', 'c'), true);
    assert.equal(parts('A'.repeat(22), 'A'.repeat(43)), undefined);
  }
});

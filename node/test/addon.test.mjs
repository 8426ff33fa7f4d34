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
  const verifier = new addon.RawPacketVerifier(ring, '{}');
  const number = verifier.quick(memory);
  const packets = memory.packets();
  return { buffer: memory.buffer(), verifier, number, packets, tokens: new addon.RawTokenVerifier(ring, '{}').quick(memory) };
}

test('quick calls given anything answer undefined and stay alive', () => {
  const { buffer, number, packets: [name, parts, text, bytes, signer], tokens: [token, tokenSigner] } = calls();
  const strange = [undefined, null, 5, NaN, '', 'é', '\ud800', 'x'.repeat(100_000), [], {}, Symbol('s'), 1n, buffer, () => 1, new Proxy({}, {})];
  for (const one of strange) {
    for (const two of strange) {
      assert.equal(parts(number, one, two), undefined);
      assert.equal(parts(one, two, two), undefined);
      assert.ok([undefined, true].includes(name(number, one, two, '')));
    }
    assert.deepEqual([text(number, one), text(one, one), text.call(one), bytes(one)], [undefined, undefined, undefined, undefined]);
    assert.deepEqual([token(one), Reflect.apply(parts, one, [])], [undefined, undefined]);
  }
  assert.deepEqual([parts(), text(), bytes(), token(), name(), signer()], [undefined, undefined, undefined, undefined, undefined, undefined]);
  assert.deepEqual([signer(number), tokenSigner()], ['\n', '\n']);
});

test('whatever stands in the shared memory, a quick call stays within it', () => {
  const { buffer, number, packets: [name, parts] } = calls();
  const body = new Uint8Array(buffer.byteLength - 64);
  const made = new api.PacketSigner(new api.Key('k', { secret: SECRET })).signParts({ kind: 'bytes', body, context: '', now: NOW });
  assert.equal(name(number, 'k', 'bytes', ''), true);
  const [times, length] = [new Float64Array(buffer, 0, 2), new Uint32Array(buffer, 16, 1)];
  for (const [ts, now, size] of [[NOW, NOW, body.length + 1], [NOW, NOW, 2 ** 32 - 1], [NOW, NaN, body.length], [NaN, NOW, body.length], [NOW, Infinity, body.length], [-0, NOW, 0]]) {
    [times[0], times[1], length[0]] = [ts, now, size];
    assert.equal(parts(number, made.nonce, made.sig), undefined);
  }
  [times[0], times[1], length[0]] = [NOW, NOW, body.length];
  assert.equal(parts(number, made.nonce, made.sig), true);
  assert.equal(parts(number, made.nonce, made.sig), undefined);
});

test('the memory lasts for as long as a call may use it, whatever becomes of the buffer', async () => {
  const { packets: [name, parts], buffer, number, verifier } = calls();
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
    assert.equal(name(number, 'k', 'bytes', 'c'), true);
    assert.equal(parts(number, 'A'.repeat(22), 'A'.repeat(43)), undefined);
  }
  assert.equal(verifier.quick(new addon.RawMemory()), 0);
});

test('a number is of one verifier at a time, and comes again once that one is gone', async () => {
  const memory = new addon.RawMemory();
  const [name, parts] = memory.packets();
  const verifierOf = (id) => {
    const ring = new addon.RawKeyring();
    ring.add(new addon.RawKey(id, addon.RawSecret.fromText(SECRET), '{}'));
    return new addon.RawPacketVerifier(ring, '{}');
  };
  const sign = (id) => new api.PacketSigner(new api.Key(id, { secret: SECRET })).signParts({ kind: 'bytes', body: new Uint8Array(), context: '', now: NOW });
  const [times, length] = [new Float64Array(memory.buffer(), 0, 2), new Uint32Array(memory.buffer(), 16, 1)];
  const verify = (number, id) => {
    assert.equal(name(number, id, 'bytes', ''), true);
    times.fill(NOW);
    length[0] = 0;
    const { nonce, sig } = sign(id);
    return parts(number, nonce, sig);
  };
  const kept = verifierOf('kept');
  assert.equal(kept.quick(memory), 0);
  let most = 0;
  for (let round = 0; round < 40; round++) {
    for (let made = 0; made < 50; made++) {
      most = Math.max(most, verifierOf(`k-${made}`).quick(memory));
    }
    gc();
    await setImmediate();
  }
  assert.ok(most < 1_000, `${most} of 2,000 that are gone`);
  assert.equal(name(most + 1, 'kept', 'bytes', ''), undefined);
  const other = verifierOf('other');
  const number = other.quick(memory);
  for (const [at, id, stranger] of [[0, 'kept', 'other'], [number, 'other', 'kept']]) {
    assert.deepEqual([verify(at, stranger), verify(at, id)], [undefined, true]);
  }
  assert.notEqual(other.quick(memory), number);
  assert.equal(name(number, 'other', 'bytes', ''), undefined);
  assert.notEqual(kept.quick(memory), 0);
});

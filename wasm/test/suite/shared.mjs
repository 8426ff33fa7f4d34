// A guard in a store of one's own, as far as no Redis is needed: whatever the store does, nothing is accepted but what it says is fresh.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, NONCE, NOW, pair, refused, SECRET, signedRequest } from './common.mjs';

/** A store that answers each claim with what `reply` makes of it. */
const storeOf = (reply) => ({ claim: async (keys, args) => reply(keys, args) });
const at = { context: 'c', now: NOW };

export function shared(api) {
  const guardOf = (reply, options) => new api.SharedReplayGuard(storeOf(reply), options);
  const codeOf = (promise) => promise.then(() => 'ok', (error) => {
    assert.ok(error instanceof api.CountersealError, `not the SDK's own error: ${error?.stack}`);
    return error.code;
  });

  test("a store is asked with the script's keys and arguments, and its answer decides", async () => {
    const asked = [];
    const { signer, verifier } = pair(api, { guard: guardOf((keys, args) => asked.push([keys, args]) && 0) });
    const packet = signer.sign({ a: 1 }, { ...at, nonce: NONCE });
    const parts = { kind: 'bytes', body: Uint8Array.of(1), ...at };
    const evidence = await verifier.verifyAsync(packet, at);
    assert.ok(evidence instanceof api.Verified);
    assert.deepEqual([evidence.payload, evidence.owner, evidence.nonce], [{ a: 1 }, 'engine-7', NONCE]);
    const { timestamp: ts, ...signature } = signer.signParts({ ...parts, nonce: NONCE });
    assert.deepEqual((await verifier.verifyPartsAsync({ ...parts, keyId: 'engine-7', ts, ...signature })).data, Uint8Array.of(1));
    const names = ['epoch', 'tolerance', 'server'].map((name) => `counterseal:1:${name}`);
    assert.deepEqual(asked[0], [[asked[0][0][0], ...names], [`${NOW}`, '5', `${NOW + 120}`, '65', '60']]);
    assert.match(asked[0][0][0], /^counterseal:1:[\w-]{22}$/);
    assert.deepEqual(asked[1], asked[0]);
    assert.match(api.SharedReplayGuard.script, /'NX', 'EXAT'/);
  });

  test("each of the script's replies has its code, and any other is none of them", async () => {
    const codes = ['ok', 'expired', 'replay_guard_starting', 'replayed', 'malformed_argument', 'replay_guard_full', 'store_unavailable'];
    const others = [-1, 0.5, NaN, Infinity, 2 ** 53, '0', 0n, null, undefined, true, false, [], [0], {}, new Number(0), { valueOf: () => 0 }];
    const { signer } = pair(api);
    const verified = (reply) => codeOf(pair(api, { guard: guardOf(() => reply) }).verifier.verifyAsync(signer.sign(1, at), at));
    for (const [reply, code] of codes.entries()) {
      assert.equal(await verified(reply), code);
    }
    for (const reply of others) {
      assert.equal(await verified(reply), 'store_unavailable', String(reply));
    }
  });

  test('a store that fails in whatever way accepts nothing, and tells nothing of what it said', async () => {
    const hidden = 'redis://user:hunter2@10.0.0.1';
    const failed = Object.assign(new Error(hidden), { code: 'ECONNREFUSED' });
    class ClientClosedError extends Error {}
    const ways = [
      [() => { throw failed; }, /ECONNREFUSED/],
      [() => { throw Object.assign(new Error(hidden), { code: hidden, name: hidden }); }, /the client failed;/],
      [() => { throw new ClientClosedError(hidden); }, /ClientClosedError/],
      [() => { throw hidden; }, /the client failed;/],
      [() => { throw undefined; }, /the client failed;/],
    ];
    const stores = ways.map(([fail, told]) => [storeOf(fail), told]);
    stores.push([{ claim: () => { throw failed; } }, /ECONNREFUSED/], [{ claim: () => 7 }, /none of the script's/]);
    for (const [store, told] of stores) {
      const { signer, verifier } = pair(api, { guard: new api.SharedReplayGuard(store) });
      await assert.rejects(verifier.verifyAsync(signer.sign(1, at), at), (error) => {
        assert.deepEqual([error.code, error.status], ['store_unavailable', 503]);
        assert.match(error.message, told);
        assert.ok(!`${error.stack}`.includes('hunter2') && error.cause === undefined);
        return true;
      });
    }
  });

  test('a store that does not answer is given up, and what it says later is nobody’s', async () => {
    const late = deferred();
    const guard = guardOf(() => late.promise, { timeout: 1 });
    const { signer, verifier } = pair(api, { guard });
    const packet = signer.sign(1, at);
    await assert.rejects(verifier.verifyAsync(packet, at), { code: 'store_unavailable', message: /no answer within 1 ms/ });
    // No handler of ours is missing: the runner would fail on a rejection that nobody handles.
    late.reject(new Error('late'));
    assert.equal(await codeOf(pair(api, { guard: guardOf(() => 0) }).verifier.verifyAsync(packet, at)), 'ok');
  });

  test('claims that a client keeps are bounded, and let go when it answers', async () => {
    const kept = [];
    const guard = new api.SharedReplayGuard({ claim: () => new Promise((resolve) => kept.push(resolve)) }, { timeout: 1 });
    const { signer, verifier } = pair(api, { guard });
    const packet = signer.sign(1, at);
    const waiting = await Promise.all(Array.from({ length: 10_000 }, () => codeOf(verifier.verifyAsync(packet, at))));
    assert.deepEqual([...new Set(waiting)], ['store_unavailable']);
    await assert.rejects(verifier.verifyAsync(packet, at), { code: 'store_unavailable', message: /10000 claims wait/ });
    assert.equal(kept.length, 10_000);
    kept.pop()(0);
    await Promise.resolve();
    await codeOf(verifier.verifyAsync(packet, at));
    assert.equal(kept.length, 10_000);
  });

  test('what is not genuine never reaches the store', async () => {
    const asked = [];
    const { signer, verifier } = pair(api, { guard: guardOf((keys) => asked.push(keys) && 0) });
    const packet = signer.sign(1, at);
    const calls = [
      [verifier.verifyAsync({ ...packet, nonce: NONCE }, at), 'bad_signature'],
      [verifier.verifyAsync(packet, { context: 'other', now: NOW }), 'bad_signature'],
      [verifier.verifyAsync(packet, { context: 'c', now: NOW + 61 }), 'expired'],
      [verifier.verifyAsync('{}', at), 'malformed_packet'],
      [verifier.verifyPartsAsync({ keyId: 'k', kind: 'json', body: Uint8Array.of(48), ts: NOW, nonce: NONCE, sig: '', ...at }), 'malformed_packet'],
    ];
    for (const [call, code] of calls) {
      assert.equal(await codeOf(call), code);
    }
    assert.deepEqual(asked, []);
  });

  test('a key revoked while the store was asked is revoked', async () => {
    const key = new api.Key('engine-7', { secret: SECRET });
    const ring = new api.Keyring([key]);
    const guard = guardOf(() => Number(!ring.revoke('engine-7')));
    const packet = new api.PacketSigner(key).sign(1, at);
    assert.equal(await codeOf(new api.PacketVerifier(ring, { guard }).verifyAsync(packet, at)), 'revoked_key');
  });

  test('requests go the same way, whole or as their body comes', async () => {
    const replies = [0, 3, 0, 3];
    const { verifier } = gateway(api, {}, { guard: guardOf(() => replies.shift()) });
    const request = { ...signedRequest(api), now: NOW };
    const { body, ...head } = request;
    const evidence = await verifier.verifyAsync(request);
    assert.ok(evidence instanceof api.VerifiedRequest);
    assert.deepEqual([evidence.owner, evidence.nonce], ['gateway', NONCE]);
    assert.equal(await codeOf(verifier.verifyAsync(request)), 'replayed');
    for (const code of ['ok', 'replayed']) {
      const pending = verifier.begin(head);
      pending.update(body);
      refused(api, 'malformed_argument', () => pending.finish({ now: NOW }), /shared/);
      assert.equal(await codeOf(pending.finishAsync({ now: NOW })), code);
      assert.equal(await codeOf(pending.finishAsync({ now: NOW })), 'malformed_argument');
    }
    assert.equal(await codeOf(verifier.verifyAsync({ ...request, body: Uint8Array.of(1) })), 'body_mismatch');
    assert.deepEqual(replies, []);
  });

  test('a guard of this process answers verifyAsync too, and a shared one no other call', async () => {
    const { signer, verifier } = pair(api);
    const packet = signer.sign(1, at);
    const parts = { kind: 'json', body: new TextEncoder().encode('1'), ...at };
    const signed = ({ timestamp, ...rest } = signer.signParts(parts)) => ({ ...parts, keyId: 'engine-7', ts: timestamp, ...rest });
    const signedParts = signed();
    for (const code of ['ok', 'replayed']) {
      assert.equal(await codeOf(verifier.verifyAsync(packet, at)), code);
      assert.equal(await codeOf(verifier.verifyPartsAsync(signedParts)), code);
    }
    const ours = gateway(api).verifier;
    const { body, ...head } = { ...signedRequest(api), now: NOW };
    assert.equal(await codeOf(ours.verifyAsync({ ...head, body })), 'ok');
    const pending = ours.begin(head);
    pending.update(body);
    assert.equal(await codeOf(pending.finishAsync({ now: NOW })), 'replayed');

    const other = pair(api, { guard: guardOf(() => 0) }).verifier;
    refused(api, 'malformed_argument', () => other.verify(packet, at), /shared/);
    refused(api, 'malformed_argument', () => other.verifyParts(signedParts), /shared/);
    refused(api, 'malformed_argument', () => other.verifyBatch([packet], at), /shared/);
    refused(api, 'malformed_argument', () => gateway(api, {}, { guard: guardOf(() => 0) }).verifier.verify({ ...head, body }), /shared/);
  });

  test('a wrong call for a shared guard names what is wrong', async () => {
    const store = storeOf(() => 0);
    const calls = [
      [() => new api.SharedReplayGuard(), /claim\(keys, args\)/],
      [() => new api.SharedReplayGuard(null), /claim/],
      [() => new api.SharedReplayGuard({}), /claim/],
      [() => new api.SharedReplayGuard(() => 0), /claim/],
      [() => new api.SharedReplayGuard(store, 5), /plain object/],
      [() => new api.SharedReplayGuard(store, { scope: 'a b' }), /scope/],
      [() => new api.SharedReplayGuard(store, { cluster: 1 }), /cluster/],
      [() => new api.SharedReplayGuard(store, { capacity: 5 }), /capacity/],
      ...[0, -1, 0.5, 60_001, NaN, Infinity, '250', null].map((timeout) => [() => new api.SharedReplayGuard(store, { timeout }), /timeout must be a whole number of milliseconds from 1 to 60000/]),
      [() => api.SharedReplayGuard.warning(), /info/],
      [() => api.SharedReplayGuard.warning('\ud800'), /info/],
      [() => pair(api, { guard: store }), /MemoryReplayGuard or a SharedReplayGuard/],
      [() => pair(api, { guard: Object.create(api.SharedReplayGuard.prototype) }), /SharedReplayGuard/],
    ];
    for (const [run, detail] of calls) {
      refused(api, 'malformed_argument', run, detail);
    }
    const { verifier } = pair(api, { guard: new api.SharedReplayGuard(store) });
    for (const call of [() => verifier.verifyAsync('{}'), () => verifier.verifyAsync('{}', { context: 'c', now: 0.5 }), () => verifier.verifyPartsAsync({}), () => verifier.verifyPartsAsync()]) {
      assert.equal(await codeOf(call()), 'malformed_argument');
    }
    const ours = gateway(api, {}, { guard: new api.SharedReplayGuard(store) }).verifier;
    const { body, ...head } = signedRequest(api);
    const pending = ours.begin({ ...head, now: NOW });
    pending.update(body);
    for (const call of [() => ours.verifyAsync(), () => ours.verifyAsync({ ...head, body, url: '/' }), () => pending.finishAsync({ when: 1 }), () => pending.finishAsync({ now: -1 })]) {
      assert.equal(await codeOf(call()), 'malformed_argument');
    }
    // None of that has used it up.
    assert.equal(await codeOf(pending.finishAsync({ now: NOW })), 'ok');
  });

  test('what a server says of its memory is warned of', () => {
    assert.equal(api.SharedReplayGuard.warning('maxmemory_policy:noeviction\r\n'), undefined);
    assert.match(api.SharedReplayGuard.warning('maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n'), /allkeys-lru/);
    assert.match(api.SharedReplayGuard.warning(''), /noeviction/);
  });
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

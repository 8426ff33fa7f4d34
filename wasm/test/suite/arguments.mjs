import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, detached, NONCE, NOW, pair, refused, SECRET } from './common.mjs';

export function wrongArguments(api) {
  test('a wrong argument is malformed_argument and named', () => {
    const key = new api.Key('k', { secret: SECRET });
    const { signer, verifier } = pair(api);
    const body = Uint8Array.of(1);
    const parts = { kind: 'bytes', body, context: '', now: NOW };
    const calls = [
      [() => new api.Keyring({}), /array/],
      [() => new api.Keyring(key), /array/],
      [() => new api.Keyring([{ id: 'k' }]), /Key/],
      [() => new api.Keyring([Object.create(api.Key.prototype)]), /Key/],
      [() => new api.Keyring([key]).remove(5), /key id/],
      [() => new api.Keyring([key]).revoke('\udfff'), /surrogate/],
      [() => new api.PacketSigner(), /Key/],
      [() => new api.PacketSigner(key, 5), /plain object/],
      [() => new api.PacketSigner(key, null), /plain object/],
      [() => new api.PacketSigner(key, new Map()), /plain object/],
      [() => new api.PacketSigner(key, { bodyLimits: 5 }), /body_limits/],
      [() => new api.PacketSigner(key, { bodyLimit: '5' })],
      [() => new api.PacketSigner(key, { bodyLimit: 1.5 })],
      [() => new api.PacketSigner(key, { bodyLimit: NaN }), /NaN/],
      [() => new api.PacketSigner(key, { bodyLimit: 5n }), /bigint/],
      [() => new api.PacketSigner(key, { get bodyLimit() { throw new Error('called'); } }), /getter/],
      [() => new api.PacketSigner(key, { [Symbol('bodyLimit')]: 5 }), /symbol/],
      [() => new api.PacketVerifier(), /Keyring/],
      [() => new api.PacketVerifier([key]), /Keyring/],
      [() => pair(api, { maxAge: 0 })],
      [() => pair(api, { maxAge: 3601 })],
      [() => pair(api, { maxAhead: '5' })],
      [() => pair(api, { maxAge: null })],
      [() => pair(api, { maxage: 5 }), /maxage/],
      [() => pair(api, { allow: 'engine-7' })],
      [() => pair(api, { allow: ['bad name'] })],
      [() => pair(api, { guard: {} }), /MemoryReplayGuard/],
      [() => pair(api, { guard: null }), /MemoryReplayGuard/],
      [() => new api.MemoryReplayGuard({ capacity: 0 })],
      [() => new api.MemoryReplayGuard({ capacity: -1 })],
      [() => new api.MemoryReplayGuard({ size: 1 }), /size/],
      [() => new api.MemoryReplayGuard(5), /plain object/],
      [() => signer.sign({}), /context/],
      [() => signer.sign({}, {}), /context/],
      [() => signer.sign({}, 'engine_status'), /plain object/],
      [() => signer.sign({}, { context: null }), /context/],
      [() => signer.sign({}, { context: 5 }), /context/],
      [() => signer.sign({}, { context: 'a\n' })],
      [() => signer.sign({}, { context: '\ud800' }), /context.*surrogate/],
      [() => signer.sign(undefined, { context: 'a\n' })],
      [() => signer.sign({}, { context: 'x'.repeat(257) })],
      [() => signer.sign({}, { ...at(), when: NOW }), /when.*context, now, nonce/],
      [() => signer.sign({}, { ...at(), now: 1.5 })],
      [() => signer.sign({}, { ...at(), now: NaN })],
      [() => signer.sign({}, { ...at(), now: -1 })],
      [() => signer.sign({}, { ...at(), now: Infinity })],
      [() => signer.sign({}, { ...at(), now: 2 ** 53 })],
      [() => signer.sign({}, { ...at(), now: BigInt(NOW) }), /now/],
      [() => signer.sign({}, { ...at(), now: new Date() }), /now/],
      [() => signer.sign({}, { ...at(), now: null }), /now/],
      [() => signer.sign({}, { ...at(), nonce: 'short' })],
      [() => signer.sign({}, { ...at(), nonce: 5 }), /nonce/],
      [() => signer.sign({}, { ...at(), nonce: [NONCE] }), /nonce/],
      [() => signer.signJson({}, at()), /payloadJson/],
      [() => signer.signJson(undefined, at()), /payloadJson/],
      [() => signer.signBytes('text', at()), /data must be a Uint8Array/],
      [() => signer.signBytes([1, 2], at()), /Uint8Array/],
      [() => signer.signBytes(new DataView(new ArrayBuffer(1)), at()), /Uint8Array/],
      [() => signer.signBytes(new Uint16Array(1), at()), /Uint8Array/],
      [() => signer.signBytes(new SharedArrayBuffer(1), at()), /Uint8Array/],
      [() => signer.signBytes(new Proxy(body, {}), at()), /Uint8Array/],
      [() => signer.signBytes(Object.create(Uint8Array.prototype), at()), /Uint8Array/],
      [() => signer.signBytes(detached(), at()), /detached/],
      [() => signer.signBytes(detached().buffer, at()), /detached/],
      [() => signer.signParts(), /kind/],
      [() => signer.signParts({ ...parts, kind: 'text' })],
      [() => signer.signParts({ ...parts, kind: undefined }), /kind/],
      [() => signer.signParts({ ...parts, body: 'text' }), /body/],
      [() => signer.signParts({ ...parts, payload: 1 }), /payload/],
      [() => verifier.verify('{}'), /context/],
      [() => verifier.verify('{}', { ...at() }), /nonce/],
      [() => verifier.verify('{}', { context: '', now: 'x' }), /now/],
      [() => verifier.verify(detached(), { context: '' }), /detached/],
      [() => verifier.verify(undefined, { context: 'é' })],
      [() => verifier.verifyBatch('{}', { context: '' }), /array/],
      [() => verifier.verifyBatch(undefined, { context: '' }), /array/],
      [() => verifier.verifyBatch([], { context: '\n' })],
      [() => verifier.verifyParts({ ...parts, kind: 5 }), /kind/],
      [() => verifier.verifyParts({ ...parts, body: 'text' }), /body/],
      [() => verifier.verifyParts({ ...parts, context: undefined }), /context/],
      [() => api.derive(SECRET, { purpose: 'p', owner: 'o' }), /key_id/],
      [() => api.derive(SECRET, { purpose: 'p', owner: 'o', keyId: 'bad id' })],
      [() => api.derive(SECRET, { purpose: 'p', owner: 'o', keyId: 'k', salt: '' }), /salt/],
      [() => api.canonicalJson({}), /text/],
      [() => api.canonicalJson(), /text/],
    ];
    for (const [run, detail] of calls) {
      refused(api, 'malformed_argument', run, detail);
    }
  });

  test('what is wrong with a key is malformed_key, and a short secret weak_secret', () => {
    const keys = [
      ['', { secret: SECRET }],
      ['a b', { secret: SECRET }],
      ['\ud800', { secret: SECRET }],
      [5, { secret: SECRET }],
      [undefined, { secret: SECRET }],
      ['k', {}],
      ['k'],
      ['k', { secret: null }],
      ['k', { secret: 5 }],
      ['k', { secret: [1, 2, 3] }],
      ['k', { secret: new Uint16Array(32) }],
      ['k', { secret: detached() }],
      ['k', { secret: 'x'.repeat(32) }],
      ['k', { secret: 'utf8:' + '\ud800'.repeat(32) }],
      ['k', { secret: 'hex:' + 'zz'.repeat(32) }],
      ['k', { secret: new Uint8Array(1025) }],
      ['k', { secret: SECRET, owner: 'a b' }],
      ['k', { secret: SECRET, owner: 5 }],
      ['k', { secret: SECRET, notBefore: 1.5 }],
      ['k', { secret: SECRET, notBefore: NaN }],
      ['k', { secret: SECRET, notAfter: '5' }],
      ['k', { secret: SECRET, revoked: 'yes' }],
      ['k', { secret: SECRET, algorithms: ['none'] }],
      ['k', { secret: SECRET, uses: ['packet', 'token'] }],
      ['k', { secret: SECRET, uses: [, 'packet'] }],
    ];
    for (const [id, options] of keys) {
      refused(api, 'malformed_key', () => new api.Key(id, options));
    }
    for (const secret of ['', 'hex:', 'hex:00', new Uint8Array(), new Uint8Array(31)]) {
      const code = secret === '' ? 'malformed_key' : 'weak_secret';
      refused(api, code, () => new api.Key('k', { secret }));
      refused(api, code, () => new api.Secret(secret));
    }
    refused(api, 'malformed_argument', () => new api.Key('k', { secret: SECRET, expires: 5 }), /expires/);
    refused(api, 'malformed_argument', () => new api.Key('k', 'secret'), /plain object/);
    const key = new api.Key('k', { secret: SECRET });
    refused(api, 'malformed_key', () => new api.Keyring([key, key]));
    assert.equal(new api.Key('k', { secret: new api.Secret(SECRET), owner: undefined }).owner, 'k');
  });

  test("a peer's parts are malformed_packet, whatever their type", () => {
    const { signer, verifier } = pair(api);
    const body = Uint8Array.of(1);
    const good = { keyId: 'engine-7', kind: 'bytes', body, context: '', now: NOW, ...signer.signParts({ kind: 'bytes', body, ...at() }) };
    for (const wrong of [undefined, null, 5, NaN, '', ' ', [NONCE], {}, '\ud800', true, 1n, () => 1]) {
      for (const part of ['keyId', 'nonce', 'sig', 'ts']) {
        if (part !== 'ts' || wrong !== 5) {
          refused(api, 'malformed_packet', () => verifier.verifyParts({ ...good, [part]: wrong }));
        }
      }
    }
    for (const ts of [1.5, -1, Infinity, String(NOW), 2 ** 53]) {
      refused(api, 'malformed_packet', () => verifier.verifyParts({ ...good, ts }));
    }
    assert.deepEqual(verifier.verifyParts(good).data, body);
  });

  test('bytes are read through the intrinsics', () => {
    const { signer } = pair(api);
    const lying = Object.defineProperties(Uint8Array.of(0, 255, 10), { length: { value: 1 }, byteLength: { value: 9 }, buffer: { value: null } });
    assert.equal(signer.signBytes(lying, at()).data, 'AP8K');
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    shared.set([0, 255, 10]);
    assert.equal(signer.signBytes(shared, at()).data, 'AP8K');
    assert.equal(signer.signBytes(new (class extends Uint8Array {})([0, 255, 10]), at()).data, 'AP8K');
  });
}

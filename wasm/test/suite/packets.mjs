import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, NONCE, NOW, pair, refused } from './common.mjs';

const GOLDEN =
  '{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw","payload":{"a":"\\u0007\\n\\"\\\\/","job":42,"né":[1,1e+21,1e-7,0],"status":"FINISHED","€":null},"sig":"1v-poh--kq5rgAY2M_I-7YNcV1sTIjyGtFJnlqZgLxI"}';
const PAYLOAD = { status: 'FINISHED', job: 42, '€': null, né: [1.0, 1e21, 1e-7, -0], a: '\u0007\n"\\/' };

export function packets(api) {
  test('a value signs as the contract says, as text and as an object', () => {
    const { signer } = pair(api);
    assert.equal(signer.signText(PAYLOAD, at('engine_status')), GOLDEN);
    assert.deepEqual(signer.sign(PAYLOAD, at('engine_status')), JSON.parse(GOLDEN));
    assert.equal(signer.signJson(JSON.stringify(PAYLOAD), at('engine_status')), GOLDEN);
    assert.equal(signer.signJson(new TextEncoder().encode(JSON.stringify(PAYLOAD)), at('engine_status')), GOLDEN);
  });

  test('text, bytes and the parsed object verify alike', () => {
    for (const packet of [GOLDEN, new TextEncoder().encode(GOLDEN), new TextEncoder().encode(GOLDEN).buffer, JSON.parse(GOLDEN)]) {
      const verified = pair(api).verifier.verify(packet, { context: 'engine_status', now: NOW });
      assert.ok(verified instanceof api.Verified);
      assert.deepEqual(
        { ...verified },
        {
          kind: 'json',
          payload: JSON.parse(JSON.stringify(PAYLOAD)),
          payloadText: GOLDEN.slice(GOLDEN.indexOf('{"a"'), GOLDEN.indexOf(',"sig"')),
          keyId: 'engine-7',
          owner: 'engine-7',
          timestamp: NOW,
          nonce: NONCE,
        },
      );
    }
  });

  test('bytes travel as data, from a Uint8Array, a Buffer and an ArrayBuffer', () => {
    const data = Uint8Array.of(0x00, 0xff, 0x0a);
    for (const given of [data, globalThis.Buffer?.from(data) ?? data, data.buffer, new Uint8Array(Uint8Array.of(9, ...data, 9).buffer, 1, 3)]) {
      const { signer, verifier } = pair(api);
      const packet = signer.signBytes(given, at());
      assert.equal(packet.sig, '7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU');
      const verified = verifier.verify(packet, at0());
      assert.deepEqual([verified.kind, verified.data, 'payload' in verified], ['bytes', data, false]);
    }
  });

  test('parts sign and verify without a packet, through the same guard', () => {
    const { signer, verifier } = pair(api);
    const body = new TextEncoder().encode('{"job":42}');
    const made = signer.signParts({ kind: 'json', body, ...at('c') });
    assert.deepEqual([made.ts, made.nonce], [NOW, NONCE]);
    const parts = { keyId: 'engine-7', kind: 'json', body, context: 'c', now: NOW, ...made };
    assert.deepEqual(verifier.verifyParts(parts).payload, { job: 42 });
    refused(api, 'replayed', () => verifier.verifyParts(parts));
    refused(api, 'bad_signature', () => verifier.verifyParts({ ...parts, context: 'd' }));
  });

  test('a batch answers in order, and one refusal hides no other', () => {
    const { signer, verifier } = pair(api);
    const good = signer.signText(1, { context: '', now: NOW });
    const results = verifier.verifyBatch([good, good, 'no packet', { v: 2 }, undefined, signer.sign(2, { context: '', now: NOW })], at0());
    assert.deepEqual(
      results.map((result) => (result instanceof api.CountersealError ? result.code : result.payload)),
      [1, 'replayed', 'malformed_packet', 'unsupported_version', 'malformed_packet', 2],
    );
    assert.deepEqual(verifier.verifyBatch([], at0()), []);
  });

  test('a guard that holds thousands forgets none of them, whatever size its tables have', () => {
    const count = 10_000;
    const { signer, verifier } = pair(api, { guard: new api.MemoryReplayGuard({ ownerShare: count, capacity: count }) });
    const body = new Uint8Array();
    const given = { keyId: 'engine-7', kind: 'bytes', body, context: '', now: NOW };
    const parts = Array.from({ length: count }, () => ({ ...given, ...signer.signParts({ kind: 'bytes', body, context: '', now: NOW }) }));
    parts.forEach((each) => verifier.verifyParts(each));
    parts.forEach((each) => refused(api, 'replayed', () => verifier.verifyParts(each)));
  });

  test('one guard serves two verifiers, and counts', () => {
    const guard = new api.MemoryReplayGuard({ capacity: 2, ownerShare: 1 });
    const [first, second] = [pair(api, { guard }), pair(api, { guard })];
    const packet = first.signer.signText(1, at());
    assert.equal(guard.size, 0);
    first.verifier.verify(packet, at0());
    assert.equal(guard.size, 1);
    refused(api, 'replayed', () => second.verifier.verify(packet, at0()));
    refused(api, 'rate_limited', () => second.verifier.verify(first.signer.signText(1, { context: '', now: NOW }), at0()));
    refused(api, 'replay_guard_starting', () => pair(api, { guard: new api.MemoryReplayGuard({ start: NOW }) }).verifier.verify(packet, at0()));
  });

  test('camelCase and snake_case name the same option, and undefined is absent', () => {
    for (const options of [{ maxAge: 1 }, { max_age: 1 }, { maxAge: 1, maxAhead: undefined, guard: undefined }]) {
      const { signer, verifier } = pair(api, options);
      refused(api, 'expired', () => verifier.verify(signer.sign(1, { ...at(), nonce: undefined }), { context: '', now: NOW + 2 }));
    }
    refused(api, 'malformed_argument', () => pair(api, { maxAge: 1, max_age: 1 }), /twice/);
  });

  test('the clock and the nonce are taken where none is given', () => {
    const { signer, verifier } = pair(api);
    const packet = signer.sign({}, { context: 'c' });
    assert.ok(Math.abs(packet.ts - Date.now() / 1000) < 5);
    assert.match(packet.nonce, /^[\w-]{22}$/);
    assert.deepEqual(verifier.verify(packet, { context: 'c' }).payload, {});
  });

  test('revoking a key in the ring counts at once', () => {
    const key = new api.Key('engine-7', { secret: 'utf8:' + 'x'.repeat(32), owner: 'seven' });
    const ring = new api.Keyring([key]);
    const [signer, verifier] = [new api.PacketSigner(key), new api.PacketVerifier(ring, { allow: ['seven'] })];
    const packets = [1, 2, 3].map((payload) => signer.sign(payload, { context: '', now: NOW }));
    assert.equal(verifier.verify(packets[0], at0()).owner, 'seven');
    assert.deepEqual([ring.ids(), ring.revoke('engine-7'), ring.revoke('other')], [['engine-7'], true, false]);
    refused(api, 'revoked_key', () => verifier.verify(packets[1], at0()));
    assert.deepEqual([ring.remove('engine-7'), ring.remove('engine-7'), ring.ids()], [true, false, []]);
    refused(api, 'unknown_key', () => verifier.verify(packets[2], at0()));
  });
}

const at0 = () => ({ context: '', now: NOW });

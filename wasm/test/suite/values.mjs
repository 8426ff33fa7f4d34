import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, NOW, pair, refused } from './common.mjs';

export function values(api, foreignRealm) {
  const { signer } = pair(api);
  const payloadText = (payload) => {
    const text = signer.signText(payload, at());
    return text.slice(text.indexOf('"payload":') + 10, text.lastIndexOf(',"sig"'));
  };

  test('plain values are written as JSON.stringify would', () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    const hidden = Object.defineProperty({ a: 1 }, 'hidden', { value: () => 1, enumerable: false });
    const named = Object.assign([1, 2], { extra: 3 });
    const frozen = Object.freeze({ a: Object.freeze([1]) });
    for (const value of [null, true, 0, -0, 1.5, 1e21, 5e-324, 2 ** 53, '', 'é€😀\u2028', [], {}, bare, hidden, named, frozen, [[[]], { b: [null] }]]) {
      assert.equal(payloadText(value), api.canonicalJson(JSON.stringify(value)));
    }
  });

  test('members named like array indexes or like __proto__ are members', () => {
    assert.equal(payloadText({ 10: 'ten', 9: 'nine', a: 1 }), '{"10":"ten","9":"nine","a":1}');
    const payload = JSON.parse('{"__proto__":{"admin":true},"constructor":1,"toString":2}');
    const { signer: other, verifier } = pair(api);
    const packet = other.signText(payload, at());
    assert.match(packet, /"payload":\{"__proto__":\{"admin":true\},"constructor":1,"toString":2\}/);
    for (const [form, one] of [['text', verifier], ['object', pair(api).verifier]]) {
      const verified = one.verify(form === 'text' ? packet : JSON.parse(packet), { context: '', now: NOW });
      assert.ok(Object.hasOwn(verified.payload, '__proto__'));
      assert.equal(Object.getPrototypeOf(verified.payload), Object.prototype);
      assert.equal(verified.payload.admin, undefined);
    }
  });

  test('what JSON cannot carry is malformed_payload, and named', () => {
    const circle = { list: [] };
    circle.list.push(circle);
    const twice = { a: {}, b: {} };
    twice.a.up = twice.b.up = twice;
    const cases = [
      [undefined, /payload is undefined/],
      [{ a: [1, { b: undefined }] }, /payload\["a"\]\[1\]\["b"\] is undefined/],
      [NaN, /NaN/],
      [[Infinity], /Infinity/],
      [[-Infinity], /Infinity/],
      [1n, /bigint/],
      [Symbol('s'), /symbol/],
      [() => 1, /function/],
      [class {}, /function/],
      [[, 1], /payload\[0\] is a hole/],
      [new Array(4_000_000_000), /hole/],
      [{ [Symbol('s')]: 1 }, /symbol/],
      [new Date(), /plain/],
      [new Map(), /plain/],
      [new Set(), /plain/],
      [new String('s'), /plain/],
      [new Number(1), /plain/],
      [Object(1n), /plain/],
      [/x/, /plain/],
      [new Error('x'), /plain/],
      [Promise.resolve(1), /plain/],
      [new (class Point { x = 1; })(), /plain/],
      [new (class extends Array {})(), /plain/],
      [Object.create({ inherited: 1 }), /plain/],
      [Object.create(Object.create(null)), /plain/],
      [Object.create((class Object extends null {}).prototype), /plain/],
      [imitation(), /plain/],
      [Uint8Array.of(1), /plain/],
      [globalThis.Buffer?.from('x') ?? Uint8Array.of(1), /plain/],
      [new ArrayBuffer(1), /plain/],
      [new api.Secret(new Uint8Array(32)), /plain/],
      [circle, /deeper/],
      [twice, /deeper/],
      ['\ud800', /surrogate/],
      ['a\udc00b', /surrogate/],
      [{ '\udfff': 1 }, /surrogate/],
      [Proxy.revocable({}, {}).proxy, undefined],
      [revoked({}), /cannot be read/],
      [revoked([]), /cannot be read/],
      [new Proxy({}, { ownKeys: () => { throw new Error('trap'); } }), /cannot be read/],
    ];
    for (const [value, detail] of cases) {
      if (detail === undefined) {
        assert.equal(payloadText(value), '{}');
      } else {
        refused(api, 'malformed_payload', () => signer.sign(value, at()), detail);
      }
    }
  });

  test('no getter, setter or toJSON of a value runs', () => {
    let ran = 0;
    const run = () => { ran += 1; return 1; };
    const getter = Object.defineProperty({}, 'a', { get: run, enumerable: true });
    const setter = Object.defineProperty({}, 'a', { set: run, enumerable: true });
    const item = Object.defineProperty([1], 0, { get: run, enumerable: true });
    for (const value of [getter, setter, item, { deep: [getter] }, { toJSON: run }, { a: { toJSON: run } }, new (class { toJSON() { return run(); } })()]) {
      refused(api, 'malformed_payload', () => signer.sign(value, at()));
    }
    assert.equal(payloadText(Object.defineProperty({ a: 1 }, 'toJSON', { value: run })), '{"a":1}');
    assert.equal(payloadText(Object.defineProperty({ a: 1 }, 'b', { get: run })), '{"a":1}');
    refused(api, 'malformed_packet', () => pair(api).verifier.verify(getter, { context: '', now: NOW }));
    assert.equal(ran, 0);
  });

  test('64 levels are signed, 65 and 100,000 refused, without an overflow of the stack', () => {
    const nest = (levels) => {
      let value = [];
      for (let level = 1; level < levels; level++) {
        value = level % 2 ? [value] : { a: value };
      }
      return value;
    };
    assert.equal(payloadText(nest(64)), JSON.stringify(nest(64)));
    const { verifier } = pair(api);
    for (const levels of [65, 100_000]) {
      refused(api, 'malformed_payload', () => signer.sign(nest(levels), at()), /deeper than 64/);
      const packet = { ...signer.sign(1, at()), payload: nest(levels) };
      refused(api, 'malformed_payload', () => verifier.verify(packet, { context: '', now: NOW }));
    }
    refused(api, 'malformed_payload', () => signer.signJson('['.repeat(100_000), at()));
  });

  test('an object that holds another many times over ends at the limit', () => {
    let value = 'x';
    for (let level = 0; level < 60; level++) {
      value = level % 2 ? [value, value] : { a: value, b: value };
    }
    const small = new api.PacketSigner(new api.Key('k', { secret: new Uint8Array(32) }), { bodyLimit: 4 });
    const packet = { ...signer.sign(1, at()), payload: value };
    refused(api, 'payload_too_large', () => small.sign(value, at()));
    refused(api, 'payload_too_large', () => pair(api, { bodyLimit: 4 }).verifier.verify(packet, { context: '', now: NOW }));
    refused(api, 'malformed_argument', () => pair(api, { allow: value }));
    const text = 'x'.repeat(2 ** 20 - 2);
    assert.equal(signer.sign(text, at()).payload, text);
    refused(api, 'payload_too_large', () => signer.sign(`${text}x`, at()));
    assert.equal(small.sign([10], at()).payload[0], 10);
    refused(api, 'payload_too_large', () => small.sign([100], at()));
    refused(api, 'payload_too_large', () => small.sign(Array(10_000).fill(0), at()));
  });

  test('the first fault of a parsed packet decides, as in its text', () => {
    const good = signer.sign({ a: 1 }, at());
    const packets = [
      ['malformed_packet', { ...good, ts: NaN }],
      ['malformed_packet', { ...good, ts: String(NOW) }],
      ['malformed_packet', { ...good, nonce: [good.nonce] }],
      ['malformed_packet', { ...good, extra: undefined }],
      ['malformed_packet', { ...good, [Symbol('s')]: 1 }],
      ['malformed_packet', { ...good, v: 1n }],
      ['malformed_packet', { ...good, v: '1' }],
      ['malformed_packet', { ...good, v: 1.5 }],
      ['malformed_packet', { ...good, data: 'AA' }],
      ['malformed_packet', { extra: 1, ...good, payload: NaN }],
      ['malformed_payload', { ...good, payload: NaN, extra: 1 }],
      ['malformed_payload', { ...good, payload: undefined }],
      ['malformed_payload', { ...good, payload: '\ud800' }],
      ['malformed_packet', { ...good, sig: '\ud800' }],
      ['unsupported_version', { ...good, v: 2 }],
      ['unsupported_version', { extra: undefined, ...good, v: 2 }],
      ['unsupported_version', { extra: () => 1, ...good, v: -1 }],
      ['bad_signature', { ...good, payload: { a: 2 } }],
    ];
    for (const [code, packet] of packets) {
      refused(api, code, () => pair(api).verifier.verify(packet, { context: '', now: NOW }));
    }
    const reversed = Object.fromEntries(Object.entries(good).reverse());
    assert.deepEqual(pair(api).verifier.verify(reversed, { context: '', now: NOW }).payload, { a: 1 });
  });

  test('what is neither text nor bytes nor a plain object is no packet', () => {
    const packet = signer.sign(1, at());
    const things = [undefined, null, 5, NaN, true, 1n, Symbol('s'), [], [packet], () => packet, new Map(Object.entries(packet)), new Uint16Array(1), new DataView(new ArrayBuffer(1)), new String('{}'), Object.assign(Object.create({}), packet)];
    for (const thing of things) {
      refused(api, 'malformed_packet', () => pair(api).verifier.verify(thing, { context: '', now: NOW }));
    }
  });

  test('a lone surrogate in a text is judged where it stands, never replaced', () => {
    const text = JSON.stringify(signer.sign('x', at()));
    const cases = [
      ['malformed_payload', text.replace('"x"', '"\ud800"')],
      ['malformed_payload', text.replace('"x"', '"😀\udc00😀"')],
      ['malformed_packet', text.replace('"kid"', '"\udfff"')],
      ['malformed_packet', '\ud800' + text],
    ];
    for (const [code, packet] of cases) {
      refused(api, code, () => pair(api).verifier.verify(packet, { context: '', now: NOW }));
    }
    refused(api, 'malformed_payload', () => signer.signJson('"\ud83d\ud83d\ude00"', at()));
    refused(api, 'malformed_payload', () => api.canonicalJson('"\ud800"'));
    assert.equal(api.canonicalJson('"\ud83d\ude00"'), '"😀"');
    // By the position named, every character before it took the bytes that UTF-8 gives it.
    const before = '"aé€😀\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}"';
    const length = Buffer.byteLength(before);
    assert.throws(() => api.canonicalJson(`[${before},"\udc00"]`), new RegExp(`\\b${length + 3}\\b`));
    refused(api, 'malformed_payload', () => api.canonicalJson(`"${'\ud800'.repeat(2_000_000)}"`));
  });

  test('objects of another realm are plain, its classes and exotic objects are not', async () => {
    const realm = await foreignRealm();
    const packet = realm(`(${JSON.stringify(signer.sign({ a: [1, {}] }, at()))})`);
    assert.notEqual(Object.getPrototypeOf(packet), Object.prototype);
    assert.deepEqual(pair(api).verifier.verify(packet, realm(`({ context: '', now: ${NOW} })`)).payloadText, '{"a":[1,{}]}');
    assert.equal(payloadText(realm('[{ a: Object.create(null) }]')), '[{"a":{}}]');
    for (const source of ['new Date()', 'new Map()', 'new (class { x = 1 })()', 'Object.create({})', 'new (class extends Array {})()', 'new String("x")', '(function () {})']) {
      refused(api, 'malformed_payload', () => signer.sign(realm(source), at()));
    }
    assert.deepEqual(signer.signBytes(realm('Uint8Array.of(0, 255, 10)'), at()).data, 'AP8K');
    assert.deepEqual(signer.signBytes(realm('Uint8Array.of(0, 255, 10).buffer'), at()).data, 'AP8K');
  });
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

// Looks like an instance of another realm's Object, but for what no source text can imitate.
function imitation() {
  function Object_() {}
  Object.defineProperty(Object_, 'name', { value: 'Object' });
  Object_.toString = () => 'function Object() { [native code] }';
  const prototype = Object.create(null, { constructor: { value: Object_ } });
  Object.defineProperty(Object_, 'prototype', { value: prototype, writable: false });
  return Object.create(prototype);
}

// The quick road may only ever answer what the full one would. Options that name the key `key_id` always take the full one, as do bytes
// in the place of a text: so each call here is made twice, to verifiers that know the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import * as native from 'counterseal';
import * as wasm from '@counterseal/wasm';
import { NOW, refused, SECRET } from '../../wasm/test/suite/common.mjs';

for (const [engine, api] of Object.entries({ native, wasm })) {
  const key = new api.Key('engine-7', { secret: SECRET, owner: 'seven' });
  const other = new api.Key('engine-8', { secret: SECRET.replace('00', 'ff'), owner: 'eight' });
  const ring = new api.Keyring([key, other]);
  const signers = { 'engine-7': new api.PacketSigner(key), 'engine-8': new api.PacketSigner(other) };

  function signed(change = {}) {
    const { keyId, kind, body, context } = { keyId: 'engine-7', kind: 'bytes', body: Uint8Array.of(1, 2, 3), context: 'c', ...change };
    return { keyId, kind, body, context, ...signers[keyId].signParts({ kind, body, context, now: NOW }), now: NOW };
  }

  const full = ({ keyId, ...rest }) => ({ ...rest, key_id: keyId });
  const twins = (options) => [new api.PacketVerifier(ring, options), new api.PacketVerifier(ring, options)];

  function alike([quickly, fully], options) {
    const [one, two] = [outcome(() => quickly.verifyParts(options)), outcome(() => fully.verifyParts(full(options)))];
    assert.deepEqual(one, two);
    return one;
  }

  test(`${engine}: bodies of every size and memory verify alike, and the evidence is nobody else's`, () => {
    const verifiers = twins();
    for (const size of [0, 1, 57, 64, 65, 255, 256, 257, 16_384, 65_471, 65_472, 65_473, 300_000]) {
      const bytes = Uint8Array.from({ length: size }, (_, index) => index);
      const bodies = [bytes, Buffer.from(bytes), bytes.buffer, new Uint8Array(new Uint8Array([9, ...bytes, 9]).buffer, 1, size), shared(bytes), resizable(bytes), lying(bytes)];
      for (const body of bodies) {
        const { data } = alike(verifiers, signed({ body }));
        assert.deepEqual(data, bytes);
      }
      const [first, second] = [1, 2].map(() => verifiers[0].verifyParts(signed({ body: bytes })).data);
      assert.deepEqual([Object.getPrototypeOf(first), first.buffer.byteLength], [Uint8Array.prototype, size]);
      first.fill(0);
      assert.deepEqual([second, verifiers[0].verifyParts(signed({ body: bytes })).data], [bytes, bytes]);
    }
  });

  test(`${engine}: JSON bodies verify alike, as text of their own`, () => {
    const verifiers = twins();
    for (const text of ['{}', '"é€😀"', '[1,1e+21,1e-7,0]', `"${'é'.repeat(30_000)}"`, '{"__proto__":{"a":1}}', '1.0', '{"b":1,"a":2}', '"\ud800"']) {
      const body = encodeAnyhow(text);
      const sign = () => signed({ kind: 'json', body });
      const made = outcome(sign);
      const options = 'error' in made ? { ...signed({ body }), kind: 'json' } : sign();
      assert.equal(alike(verifiers, options).payloadText, 'error' in made ? undefined : text);
    }
  });

  test(`${engine}: a body that is written to later does not change the evidence`, () => {
    const verifiers = twins();
    for (const size of [1, 55, 64, 65, 200, 20_000]) {
      for (const body of [new Uint8Array(size), Buffer.alloc(size), shared(new Uint8Array(size)), new Uint8Array(new ArrayBuffer(size + 8), 8)]) {
        body.fill(1);
        const evidence = verifiers.map((verifier) => verifier.verifyParts(signed({ body })));
        body.fill(2);
        evidence.push(verifiers[0].verifyParts(signed({ body })));
        assert.deepEqual(evidence.map(({ data }) => [...new Set(data), data.length]), [[1, size], [1, size], [2, size]]);
      }
    }
  });

  test(`${engine}: options that only look plain are refused`, () => {
    const [verifier] = twins();
    verifier.verifyParts(signed());
    const inherited = Object.setPrototypeOf(signed(), { constructor: Object });
    const bare = Object.setPrototypeOf(signed(), Object.create(Object.prototype));
    class Parts {}
    for (const options of [inherited, bare, Object.assign(new Parts(), signed()), Object.setPrototypeOf(signed(), Array.prototype)]) {
      refused(api, 'malformed_argument', () => verifier.verifyParts(options), /plain object/);
    }
    const { constructor } = Object.prototype;
    try {
      Object.prototype.constructor = Parts;
      assert.equal(verifier.verifyParts(signed()).owner, 'seven');
    } finally {
      Object.prototype.constructor = constructor;
    }
    assert.equal(verifier.verifyParts(signed()).owner, 'seven');
  });

  test(`${engine}: wrong arguments and parts are refused alike, and the next call is right`, () => {
    const verifiers = twins();
    const wrong = {
      keyId: ['engine-9', '', 'engine 7', 'é', '\ud800', 'x'.repeat(65), 'engine-7\0', 5, null, undefined, ['engine-7'], Symbol('k')],
      kind: ['json', 'text', '', 'bytes\0', '\ud800', 5, null, undefined],
      body: [Uint8Array.of(1, 2), detached(), detached().buffer, new Uint16Array(3), new DataView(new ArrayBuffer(3)), 'text', [1, 2, 3], null, undefined, new Proxy(Uint8Array.of(1, 2, 3), {}), Object.create(Uint8Array.prototype)],
      ts: [NOW + 1, NOW - 1, NOW + 0.5, -NOW, -0, NaN, Infinity, 2 ** 53, 1e300, String(NOW), null, undefined, BigInt(NOW)],
      nonce: ['', 'A'.repeat(21), 'A'.repeat(23), 'AAECAwQFBgcICQoLDA0OD\u0141', 'AAECAwQFBgcICQoLDA0OD\ud800', 'AAECAwQFBgcICQoLDA0OD=', 'AAECAwQFBgcICQoLDA0OD\0', 5, null, undefined],
      sig: ['', 'A'.repeat(42), 'A'.repeat(43), 'A'.repeat(44), `${'A'.repeat(42)}\u0141`, `${'A'.repeat(42)}\udfff`, 'A'.repeat(100_000), 5, null, undefined],
      context: ['', 'd', 'c\0', 'c\n', 'é', '\u0141', '\ud800', 'x'.repeat(257), 'x'.repeat(10_240), 'x'.repeat(70_000), 5, null, undefined, ['c']],
      now: [NOW + 60, NOW + 61, NOW - 5, NOW - 6, NOW + 0.5, -1, -0, NaN, Infinity, String(NOW), null, undefined, BigInt(NOW)],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        alike(verifiers, { ...signed(), [name]: value });
        assert.ok(!('error' in alike(verifiers, signed())), `after ${name}`);
      }
    }
  });

  test(`${engine}: parts and texts with one character altered are refused alike`, () => {
    const verifiers = twins();
    for (let round = 0; round < 2_000; round++) {
      const packet = signed({ keyId: round % 3 ? 'engine-7' : 'engine-8', context: `c${round % 5}` });
      const name = ['keyId', 'nonce', 'sig', 'context'][round % 4];
      const at = Math.floor(Math.random() * packet[name].length);
      const unit = String.fromCharCode(Math.floor(Math.random() * (round % 7 ? 0x80 : 0x10000)));
      if (packet[name][at] !== unit) {
        const altered = packet[name].slice(0, at) + unit + packet[name].slice(at + 1);
        assert.notEqual(alike(verifiers, { ...packet, [name]: altered }).error, undefined);
      }
      assert.equal(alike(verifiers, packet).error, undefined);
      assert.match(alike(verifiers, packet).error, /^replayed/);
    }
  });

  test(`${engine}: a text verifies like its bytes`, () => {
    const [quickly, fully] = twins();
    const sign = (payload, context = 'c') => signers['engine-7'].signText(payload, { context, now: NOW });
    const good = ['', 'é', '😀'.repeat(5_000), 'x'.repeat(65_000), 'x'.repeat(200_000), { ['__proto__']: 1, a: [1.5, -0, 1e21] }].map((payload) => sign(payload));
    const bytes = [0, 3, 300, 50_000].map((size) => JSON.stringify(signers['engine-8'].signBytes(new Uint8Array(size), { context: 'c', now: NOW })));
    const text = sign('x\ufffd');
    const spaced = sign({ a: 1, b: 'é' }).replaceAll(',"', ', "');
    const altered = [text.replace('\ufffd', '\ud800'), text.replace('x', 'y'), `\ufeff${text}`, '', '{}', '{"v":2}', text.slice(1), `${text}\u0141`, sign(1, 'd'), ' '.repeat(70_000), 'x'.repeat(5_000_000)];
    for (const packet of [...good, ...bytes, text, spaced, ...altered]) {
      for (const now of [NOW, NOW + 100, 0.5, -1, undefined]) {
        const [one, two] = [packet, encodeAnyhow(packet)].map((given, index) => outcome(() => [quickly, fully][index].verify(given, { context: 'c', now })));
        assert.deepEqual(one, two);
      }
    }
  });

  test(`${engine}: an option with a getter is refused, and none is called, where its names come first`, () => {
    const [verifier] = twins();
    const options = Object.defineProperty({ ...signed() }, 'extra', { enumerable: true, configurable: true, get: () => assert.fail('called') });
    refused(api, 'malformed_argument', () => verifier.verifyParts(options), /extra.*getter/);
    const rotated = Object.fromEntries(Object.entries(signed()).reverse());
    Object.defineProperty(rotated, 'sig', { get: () => assert.fail('called') });
    refused(api, 'malformed_argument', () => verifier.verifyParts(rotated), /sig.*getter/);
    refused(api, 'malformed_argument', () => verifier.verify('{}', { get context() { throw new Error('called'); }, get now() { return NOW; } }), /getter/);
  });

  test(`${engine}: a getter that throws, or verifies something else, disturbs nothing`, () => {
    const [verifier] = twins();
    verifier.verifyParts(signed());
    const throwing = Object.defineProperty(signed(), 'nonce', { get: () => { throw new Error('called'); } });
    refused(api, 'malformed_argument', () => verifier.verifyParts(throwing), /nonce.*getter/);
    const [within, packet] = [signed({ body: Uint8Array.of(7), context: 'inner' }), signed()];
    const { sig } = packet;
    const nested = Object.defineProperty(packet, 'sig', { get: () => { verifier.verifyParts(within); return sig; } });
    const result = outcome(() => verifier.verifyParts(nested));
    assert.deepEqual(result.data ?? Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3));
    assert.equal(outcome(() => verifier.verifyParts(signed())).error, undefined);
  });

  test(`${engine}: what a prototype was given is no option`, (context) => {
    context.after(() => { delete Object.prototype.now; });
    const [verifier] = twins();
    const { now, ...rest } = signed();
    verifier.verifyParts({ ...signed(), now });
    Object.prototype.now = NOW;
    refused(api, 'expired', () => verifier.verifyParts(rest));
    refused(api, 'expired', () => verifier.verify(signers['engine-7'].signText(1, { context: 'c', now: NOW }), { context: 'c' }));
    refused(api, 'malformed_argument', () => verifier.verifyParts(Object.create(signed())), /plain object/);
  });

  test(`${engine}: verifiers take turns, each with its own context, ring and clock`, () => {
    const lone = new api.Keyring([new api.Key('engine-7', { secret: SECRET, owner: 'another' })]);
    const verifiers = [new api.PacketVerifier(ring), new api.PacketVerifier(lone), new api.PacketVerifier(ring, { allow: ['eight'] })];
    for (let round = 0; round < 200; round++) {
      const packet = signed({ keyId: round % 2 ? 'engine-7' : 'engine-8', context: `c${round % 3}`, body: new Uint8Array(round) });
      const [first, second, third] = verifiers.map((verifier) => outcome(() => verifier.verifyParts(packet)));
      assert.deepEqual([first.owner, first.keyId, first.data], [round % 2 ? 'seven' : 'eight', packet.keyId, packet.body]);
      assert.equal(round % 2 ? second.owner : /^unknown_key/.test(second.error), round % 2 ? 'another' : true);
      assert.equal(round % 2 ? /^caller_not_allowed/.test(third.error) : third.owner, round % 2 ? true : 'eight');
    }
    lone.remove('engine-7');
    refused(api, 'unknown_key', () => verifiers[1].verifyParts(signed()));
    lone.add(new api.Key('engine-7', { secret: SECRET, owner: 'heir' }));
    assert.equal(verifiers[1].verifyParts(signed()).owner, 'heir');
  });

  test(`${engine}: a token verifies like its bytes`, () => {
    const keys = ['auth-1', 'auth-2'].map((id, index) => new api.Key(id, { secret: SECRET.replace('1f', `f${index}`), uses: ['token'], owner: `owner-${index}` }));
    const verifier = new api.TokenVerifier(new api.Keyring(keys));
    const issue = (claims, index = 0) => new api.TokenIssuer(keys[index]).issueText(claims, { now: NOW });
    const times = `"iat":${NOW},"exp":${NOW + 60}`;
    const claims = [`{${times}}`, `{ "b" : 1.0, "a":-0,"c":1E2, ${times}}`, `{"__proto__":{"x":1},${times}}`, `{"n":"é😀\\u00e9",${times}}`, `{"pad":"${'x'.repeat(5_500)}",${times}}`];
    const good = claims.flatMap((text) => [issue(text), issue(text, 1)]);
    const wrong = ['', '.', '..', good[0].slice(1), `${good[0]}A`, `${good[0].slice(0, -1)}\u0141`, `\ud800${good[0]}`, `${good[0]}\0`, ' '.repeat(8_193), 'x'.repeat(70_000), issue('{}'), `${good[0]}.`];
    for (const token of [...good, ...wrong]) {
      for (const options of [{ now: NOW }, { now: NOW + 91 }, { now: -1 }, { now: NOW + 0.5 }, {}, undefined, { now: undefined }]) {
        const [one, two] = [token, encodeAnyhow(token)].map((given) => outcome(() => verifier.verify(given, options)));
        assert.deepEqual(one, two);
      }
    }
    assert.ok(Object.hasOwn(verifier.verify(issue(claims[2]), { now: NOW }).claims, '__proto__'));
    assert.deepEqual([1, 0, 1, 1].map((index) => verifier.verify(issue(claims[0], index), { now: NOW }).owner), ['owner-1', 'owner-0', 'owner-1', 'owner-1']);
  });
}

test('claims are what JSON.parse makes of their text, whatever came before them', () => {
  const key = new native.Key('auth', { secret: SECRET, uses: ['token'] });
  const [issuer, verifier] = [new native.TokenIssuer(key), new native.TokenVerifier(new native.Keyring([key]))];
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const values = [0, -1, 1.5, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 31, 2 ** 53 - 1, 999_999_999_999_999, -(2 ** 53 - 1), 0.1, '', 'x', 'true', 'a longer text, of more than 13', '"', '\\', '\n', 'é', '😀', '}', ':,', true, false, null, [], {}, [1, 'x'], { exp: 1 }];
  const names = ['a', 'b', 'role', 'Z', '', ' ', '1', '0x', '-1', '01', 'é', '"', 'constructor', 'toString', '__proto__', '__proto', 'length'];
  const common = { flat: 0 };
  for (let round = 0; round < 5_000; round++) {
    const chosen = round % 3 ? ['role', 'a'] : Array.from({ length: Math.floor(Math.random() * 4) }, () => pick(names));
    const members = [...new Set(chosen)].map((name) => `${JSON.stringify(name)}:${JSON.stringify(pick(round % 2 ? values.slice(0, 16) : values))}`);
    const token = issuer.issueText(`{${[...members, `"exp":${NOW + 60}`].join()}}`, { now: NOW });
    const { claims, claimsText } = verifier.verify(token, { now: NOW });
    const expected = JSON.parse(claimsText);
    assert.deepEqual(claims, expected);
    assert.deepEqual([Object.keys(claims), JSON.stringify(claims)], [Object.keys(expected), JSON.stringify(expected)]);
    assert.equal(claimsText, verifier.verify(Buffer.from(token), { now: NOW }).claimsText);
    claims.role = 'altered: it must not show in the next';
  }
  const many = Array.from({ length: 65 }, (_, index) => `"n${String(index).padStart(2, '0')}":${index}`);
  for (const length of [62, 63, 64, 63, 63, 64]) {
    const token = issuer.issueText(`{"exp":${NOW + 60},${many.slice(0, length).join()}}`, { now: NOW });
    const { claims, claimsText } = verifier.verify(token, { now: NOW });
    assert.deepEqual(claims, JSON.parse(claimsText));
  }
});

test('worker threads verify side by side', async () => {
  const runs = [1, 2, 3].map((number) => new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: { number, rounds: 2_000 } });
    worker.once('message', resolve).once('error', reject);
  }));
  assert.deepEqual(await Promise.all(runs), ['1: 2000', '2: 2000', '3: 2000']);
});

function outcome(run) {
  try {
    return { ...run() };
  } catch (error) {
    assert.match(error?.name, /^CountersealError$/, error?.stack);
    return { error: error.message };
  }
}

// UTF-8, in which a lone surrogate keeps its place.
function encodeAnyhow(text) {
  return text.isWellFormed() ? Buffer.from(text) : wtf8(text);
}

function wtf8(text) {
  return Buffer.concat(Array.from(text, (character) => {
    const unit = character.codePointAt(0);
    return unit >= 0xd800 && unit < 0xe000 ? Buffer.from([0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]) : Buffer.from(character);
  }));
}

function shared(bytes) {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function resizable(bytes) {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length, { maxByteLength: bytes.length + 8 }));
  copy.set(bytes);
  return copy;
}

function lying(bytes) {
  return Object.defineProperties(Uint8Array.from(bytes), { length: { value: 1 }, byteLength: { value: 9 }, buffer: { value: null }, byteOffset: { value: 5 } });
}

function detached() {
  const bytes = new Uint8Array(3);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

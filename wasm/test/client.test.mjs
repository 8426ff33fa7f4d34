import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as whole from '@counterseal/wasm';
import * as client from '@counterseal/wasm/client';
import { memoryOfPackets } from './suite/memory.mjs';
import { packets } from './suite/packets.mjs';
import { values } from './suite/values.mjs';

await test('before init() nothing works, and says so', () => {
  assert.throws(() => client.Secret.generate(), /await init\(\) first/);
});

// How much memory the module holds it says to nobody: its instance is caught as it is made.
const { Instance } = WebAssembly;
let linear;
WebAssembly.Instance = function (...given) {
  const instance = new Instance(...given);
  linear = instance.exports.memory;
  return instance;
};
await client.init();
WebAssembly.Instance = Instance;

packets(client);
values({ ...client, canonicalJson }, async () => (source) => runInNewContext(source));

test('a client has these and no more', () => {
  assert.deepEqual(Object.keys(client).sort(), [
    'CountersealError',
    'Key',
    'Keyring',
    'MemoryReplayGuard',
    'PacketSigner',
    'PacketVerifier',
    'Secret',
    'TokenVerifier',
    'Verified',
    'VerifiedToken',
    'init',
  ]);
});

test('a second init() changes nothing', async () => {
  const key = newKey(client);
  await client.init();
  assert.equal(new client.PacketSigner(key).sign({}, AT).kid, 'k');
});

test('what belongs to one entry is nothing to the other', () => {
  for (const [own, other] of [[client, whole], [whole, client]]) {
    const key = newKey(other);
    const ring = new other.Keyring([key]);
    for (const use of [
      () => new own.PacketSigner(key),
      () => new own.Keyring([key]),
      () => new own.PacketVerifier(ring),
      () => new own.TokenVerifier(ring),
      () => new own.Key('k', { secret: other.Secret.generate() }),
      () => new own.PacketVerifier(new own.Keyring(), { guard: new other.MemoryReplayGuard() }),
    ]) {
      assert.throws(use, (error) => error instanceof own.CountersealError && /^malformed_(argument|key)$/.test(error.code), String(use));
    }
  }
  const shared = new whole.SharedReplayGuard({ claim: async () => 1 });
  assert.throws(() => new client.PacketVerifier(new client.Keyring(), { guard: shared }), /guard must be/);
});

test('tokens of every algorithm are verified', () => {
  for (const [alg, length] of [['HS256', 32], ['HS384', 48], ['HS512', 64], ['HS512', 200]]) {
    const options = { secret: new Uint8Array(length).fill(7), uses: ['token'], algorithms: [alg], owner: 'o' };
    const token = new whole.TokenIssuer(new whole.Key('t', options), { alg }).issue({ sub: 'a', n: 1.50 }, { expiresIn: 60, now: NOW });
    const verifier = new client.TokenVerifier(new client.Keyring([new client.Key('t', options)]), { algorithms: [alg] });
    const { claims, claimsText, keyId, owner } = verifier.verify(token, { now: NOW });
    assert.deepEqual([claims.sub, claims.n, keyId, owner], ['a', 1.5, 't', 'o']);
    assert.equal(claimsText, `{"exp":${NOW + 60},"iat":${NOW},"n":1.5,"sub":"a"}`);
    assert.throws(() => verifier.verify(`${token.slice(0, -4)}AAAA`, { now: NOW }), { code: 'bad_signature' });
    assert.throws(() => verifier.verify(token, { now: NOW + 600 }), { code: 'token_expired' });
  }
});

test('every refusal has the words of the whole package', () => {
  for (const use of REFUSED) {
    const [ours, theirs] = [client, whole].map((api) => refusal(() => use(api)));
    assert.deepEqual(ours, theirs, String(use));
    assert.notEqual(ours, undefined, String(use));
  }
});

memoryOfPackets(client, () => linear.buffer.byteLength);

// A client has no need of it: the whole package's, with its error as the client's.
function canonicalJson(text) {
  try {
    return whole.canonicalJson(text);
  } catch ({ code, detail }) {
    throw new client.CountersealError(code, detail);
  }
}

function refusal(use) {
  try {
    use();
  } catch (error) {
    return [error.name, error.code, error.class, error.status, error.message];
  }
}

function newKey(api, options) {
  return new api.Key('k', { secret: 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', ...options });
}

const NOW = 1_708_167_234;
const AT = { context: 'c', now: NOW };
const verifier = (api, options) => new api.PacketVerifier(new api.Keyring([newKey(api)]), options);
const tokens = (api, policy) => new api.TokenVerifier(new api.Keyring([newKey(api, { uses: ['token'] })]), policy);
const token = (claims) => new whole.TokenIssuer(newKey(whole, { uses: ['token'] })).issueText(JSON.stringify({ exp: NOW + 60, ...claims }), { now: NOW });
const judged = (claims, policy) => (api) => tokens(api, policy).verify(token(claims), { now: NOW });
const REFUSED = [
  ...['', 'hex:00', 'hex:zz', 'base64:A', 'base64url:A=', 'latin1:x', `utf8:${'x'.repeat(1025)}`].map((secret) => (api) => newKey(api, { secret })),
  ...[
    { owner: 'a b' },
    { notBefore: 1.5 },
    { notAfter: -1 },
    { notBefore: 9, notAfter: 1 },
    { revoked: 1 },
    { algorithms: [] },
    { algorithms: ['none'] },
    { algorithms: ['HS512'], uses: ['token'] },
    { uses: [] },
    { uses: ['packet', 'packet'] },
    { uses: ['packet', 'token'] },
    { uses: ['profile:a b'] },
    { 'é"\n\u0085': 1 },
  ].map((options) => (api) => newKey(api, options)),
  (api) => new api.Keyring([newKey(api), newKey(api)]),
  (api) => new api.Keyring([newKey(api), new api.Key('l', { secret: newSecret(api), uses: ['token'] })]),
  (api) => new api.PacketSigner(newKey(api, { uses: ['profile:x'] })),
  ...[{ bodyLimit: 0 }, { bodyLimit: 2 ** 30 }, { limit: 1 }].map((options) => (api) => new api.PacketSigner(newKey(api), options)),
  ...[{ capacity: 0 }, { ownerShare: 9, capacity: 3 }, { start: '1' }, { scope: 'a b' }, { size: 1 }].map((options) => (api) => new api.MemoryReplayGuard(options)),
  ...[{ maxAge: 0 }, { maxAge: 3601 }, { maxAhead: 1.5 }, { allow: 'a' }, { allow: ['a b'] }, { age: 1 }].map((options) => (api) => verifier(api, options)),
  ...[{ context: '\n' }, { context: 'c', now: -1 }, { context: 'c', now: 1.5 }, { context: 'c', nonce: 'A' }].map((at) => (api) => new api.PacketSigner(newKey(api)).sign(1, at)),
  ...['{', '{"a":1,"a":2}', '[1e400]', '[9007199254740993]', '"\\ud800"', '[01]', `${'['.repeat(65)}${']'.repeat(65)}`, '"\t"'].map(
    (json) => (api) => new api.PacketSigner(newKey(api)).signJson(json, AT),
  ),
  (api) => new api.PacketSigner(newKey(api), { bodyLimit: 10 }).sign('a long text', AT),
  (api) => new api.PacketSigner(newKey(api)).signParts({ ...AT, kind: 'json', body: new TextEncoder().encode('{ }') }),
  (api) => new api.PacketSigner(newKey(api)).signParts({ ...AT, kind: 'text', body: new Uint8Array(1) }),
  ...['', '{', '[]', '{"v":2}', '{"v":1}', '{"v":1,"kid":5}', '{"v":1,"kid":"a b"}', '{"v":1,"v":1}', '{"x":1}', '{"v":1.0}', '{"v":1,"payload":[01]}', '{"v":1,"ts":01}'].map(
    (packet) => (api) => verifier(api).verify(packet, AT),
  ),
  ...['{"a":0}', '[]', '{"audience":5}', '{"audience":[]}', '{"claims":[]}', '{"claims":{"a\\t":[]}}', '{"claims":{"a":{"type":"x"}}}', '{"claims":{"a":{"any_of":[]}}}', '{"leeway":301}', '{"algorithms":["x"]}', '{"typ":5}', '{"max_age":0}', '{"revoked":[1]}'].map(
    (policy) => (api) => tokens(api, JSON.parse(policy)),
  ),
  ...['', '.', '..', 'a.b.c', 'e30.e30.AA', 'eyJhbGciOiJub25lIn0.e30.', 'x'.repeat(9000)].map((text) => (api) => tokens(api).verify(text, { now: NOW })),
  judged({ exp: 1 }),
  judged({ exp: 'x' }),
  judged({ exp: -1 }),
  judged({ nbf: NOW + 100 }),
  judged({ iat: 0 }, { maxAge: 5 }),
  judged({}, { maxAge: 5 }),
  judged({ iss: 5 }, { issuer: 'i' }),
  judged({ iss: 'x' }, { issuer: 'i' }),
  judged({}, { subject: 's' }),
  judged({ aud: 'a' }),
  judged({ aud: ['a', 5] }, { audience: 'b' }),
  judged({ aud: ['a'] }, { audience: ['b', 'c'] }),
  judged({ role: 'x' }, { claims: { role: { any_of: ['y', 1] } } }),
  judged({ role: {} }, { claims: { role: { type: 'object' } } }),
  judged({ role: true }, { claims: { role: null } }),
  judged({}, { claims: { role: 1 } }),
  judged({ jti: 'j' }, { revoked: ['i', 'j'] }),
  judged({}, { revoked: [] }),
  judged({}, { typ: 'at+jwt' }),
];

function newSecret(api) {
  return new api.Secret('hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gateway, NONCE, NOW, POLICY, refused, revoked, signedRequest } from './common.mjs';

const now = { now: NOW };
const bytes = (text) => new TextEncoder().encode(text);

export function requests(api) {
  test('requests are signed as the contract says', () => {
    const { signer } = gateway(api);
    const at = { now: NOW, nonce: NONCE };
    const member = (more) => `counterseal=("@method" "@authority" "@path" "@query"${more});created=1708167234;nonce="${NONCE}";keyid="gateway-1";alg="hmac-sha256";tag="counterseal"`;
    const url = 'http://vault.internal:8200/a%2Fb/execute?x=1&y=%C3%A9';
    assert.deepEqual(signer.sign({ method: 'POST', url, headers: [['Content-Type', 'application/json']], body: bytes('{"cmd":"run"}'), ...at }), [
      ['Content-Digest', 'sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:'],
      ['Signature-Input', member(' "content-digest" "content-type"')],
      ['Signature', 'counterseal=:uBdBiueTdW0ov4xwMLAVXkRVY4d9TmeaJwJWTswLWx0=:'],
    ]);
    assert.deepEqual(signer.sign({ method: 'GET', url: 'http://vault.internal', ...at }), [
      ['Signature-Input', member('')],
      ['Signature', 'counterseal=:w4ApFBFeQ2OQCUuNWYgAWJRyLWFbPRZpD9OrXVGsjko=:'],
    ]);
  });

  test('a request verifies once, and its evidence names the caller', () => {
    const { verifier } = gateway(api);
    const verified = verifier.verify({ ...signedRequest(api), ...now });
    assert.ok(verified instanceof api.VerifiedRequest);
    assert.deepEqual({ ...verified }, { keyId: 'gateway-1', owner: 'gateway', timestamp: NOW, nonce: NONCE });
    refused(api, 'replayed', () => verifier.verify({ ...signedRequest(api), ...now }));
    assert.equal(verifier.verify({ ...signedRequest(api, { nonce: undefined }), ...now }).owner, 'gateway');
  });

  test('times and nonces are taken where none is given', () => {
    const { signer, verifier } = gateway(api);
    const added = signer.sign({ method: 'GET', url: 'http://vault.internal:8200/' });
    const again = signer.sign({ method: 'GET', url: 'http://vault.internal:8200/' });
    assert.notDeepEqual(added, again);
    const { nonce, timestamp } = verifier.verify({ method: 'GET', target: '/', headers: [['host', 'vault.internal:8200'], ...added] });
    assert.match(nonce, /^[\w-]{22}$/);
    assert.ok(Math.abs(timestamp - Date.now() / 1000) < 5);
    assert.ok(verifier.begin({ method: 'GET', target: '/', headers: [['host', 'vault.internal:8200'], ...again] }).finish() instanceof api.VerifiedRequest);
  });

  test('header fields to sign come as pairs, flat, as Headers, a Map, or a plain object, as text or bytes', () => {
    const { signer } = gateway(api, { extraFields: ['x-b'] });
    const sign = (headers) => signer.sign({ method: 'POST', url: 'http://h/', headers, now: NOW, nonce: NONCE });
    const pairs = [['Content-Type', 'text/plain'], ['X-B', 'b c']];
    const expected = sign(pairs);
    assert.match(expected[0][1], /"content-type" "x-b"/);
    const forms = [
      pairs.flat(), new Headers(pairs), new Map(pairs), Object.fromEntries(pairs), Object.assign(Object.create(null), Object.fromEntries(pairs)),
      new Set(pairs), pairs.values(), pairs.map(([name, value]) => [name, bytes(value)]), pairs.map(([name, value]) => [name, bytes(value).buffer]),
      { 'content-type': bytes('text/plain'), 'x-b': 'b c', 'X-Other': '\ud800é' }, [['CONTENT-TYPE', Buffer.from('  text/plain\t')], ['x-b', 'b c']],
    ];
    for (const headers of forms) {
      assert.deepEqual(sign(headers), expected, inspect(headers));
    }
    for (const headers of [undefined, [], {}, new Headers(), new Map()]) {
      refused(api, 'malformed_argument', () => sign(headers), /extra_fields is absent/);
    }
    refused(api, 'malformed_argument', () => sign([...pairs, ['x-b', 'b c']]), /repeated/);
    for (const value of ['é', '\ud800', 'a\nb', '\u0000', Uint8Array.of(0xe9), Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), bytes('é')]) {
      refused(api, 'malformed_argument', () => sign([['x-b', value]]), /character/);
    }
  });

  test("a peer's header fields come in order, as pairs or flat, as text or bytes", () => {
    const { method, target, headers, body } = signedRequest(api);
    const forms = [headers, headers.flat(), headers.map(([name, value]) => [name.toLowerCase(), bytes(value)]), [['x-\ud800', '\ud800'], ['x-other', Uint8Array.of(0xff)], ...headers], ['x-\ud800', '\ud800', ...headers.flat()]];
    for (const form of forms) {
      assert.equal(gateway(api).verifier.verify({ method, target, headers: form, body, ...now }).owner, 'gateway', inspect(form));
      const pending = gateway(api).verifier.begin({ method, target, headers: form, ...now });
      pending.update(body);
      assert.equal(pending.finish(now).owner, 'gateway');
    }
    const [host, ...others] = headers;
    assert.equal(gateway(api).verifier.verify({ method, target, headers: [[':authority', host[1]], ...others], body, ...now }).owner, 'gateway');
  });

  test('each check has its code, whole or in pieces', () => {
    const cases = [
      ['malformed_request', { method: 'GET POST' }],
      ['malformed_request', { target: '*' }],
      ['malformed_request', { headers: [] }],
      ['malformed_request', { headers: (fields) => [...fields, ['Host', 'vault.internal:8200']] }],
      ['malformed_request', { headers: (fields) => fields.filter(([name]) => name !== 'Host') }],
      ['malformed_request', { headers: (fields) => fields.map(([name, value]) => [name, name === 'Content-Type' ? `${value}\r\n x` : value]) }],
      ['wrong_authority', { headers: (fields) => fields.map(([name, value]) => [name, name === 'Host' ? 'vault.internal:8201' : value]) }],
      ['bad_signature', { method: 'PUT' }],
      ['bad_signature', { target: '/a/b/execute?x=1' }],
      ['bad_signature', { target: '/a%2Fb/execute?x=2' }],
      ['body_mismatch', { body: bytes('{"cmd":"ruin"}') }],
      ['body_mismatch', { body: new Uint8Array() }],
      ['body_mismatch', { body: undefined }],
      ['expired', { now: NOW + 61 }],
      ['not_yet_valid', { now: NOW - 6 }],
      ['unknown_key', {}, { id: 'gateway-2' }],
      ['unknown_key', {}, { uses: ['token'] }],
      ['revoked_key', {}, { revoked: true }],
      ['inactive_key', {}, { notAfter: NOW }],
      ['malformed_request', {}, {}, { extraFields: ['x-b'] }],
      ['expired', { now: NOW + 2 }, {}, { maxAge: 1 }],
      ['not_yet_valid', { now: NOW - 2 }, {}, { maxAhead: 1 }],
      ['caller_not_allowed', {}, {}, { allow: ['heartbeat'] }],
      ['caller_not_allowed', {}, {}, { trust: POLICY, callee: 'search' }],
      ['payload_too_large', {}, {}, { bodyLimit: 12 }],
      ['wrong_authority', {}, {}, { authorities: ['vault.internal', 'http://vault.internal:8201'] }],
      ['replay_guard_starting', {}, {}, { guard: new api.MemoryReplayGuard({ start: NOW }) }],
    ];
    for (const [code, change, key, options] of cases) {
      const request = { ...signedRequest(api), ...now };
      const changed = { ...request, ...change, ...(typeof change.headers === 'function' ? { headers: change.headers(request.headers) } : {}) };
      const { verifier } = gateway(api, {}, options, key);
      refused(api, code, () => verifier.verify(changed));
      const { body, ...head } = changed;
      refused(api, code, () => inPieces(verifier.begin(head), body, { now: changed.now }));
    }
  });

  test('what a peer sent in a wrong type is a malformed request', () => {
    const request = { ...signedRequest(api), ...now };
    const { verifier } = gateway(api);
    const strange = [undefined, null, 5, NaN, true, '\ud800', '', {}, [], ['GET'], Symbol('s'), 1n, () => 'GET', new String('GET'), bytes('GET'), new Date()];
    for (const value of strange) {
      for (const member of ['method', 'target']) {
        refused(api, 'malformed_request', () => verifier.verify({ ...request, [member]: value }));
        refused(api, 'malformed_request', () => verifier.begin({ method: 'POST', target: '/', headers: request.headers, ...now, [member]: value }));
      }
    }
    const odd = [
      ...strange.slice(0, 5), ...strange.slice(7), ['a'], ['a', 'b', 'c'], [5, 'b'], ['a', 5], ['a', null], ['a', undefined], ['a', ['b']], ['a', new String('b')], [bytes('a'), 'b'], ['a', new Uint16Array(1)],
      [Symbol('a'), Symbol('b')], { 0: 'a', 1: 'b', length: 2 }, new Map([['a', 'b']]), Object.defineProperty(['a'], 1, { get() { throw new Error('called'); } }), revoked(),
    ];
    for (const field of odd) {
      for (const headers of [[...request.headers, field], [field, ...request.headers], [...request.headers.flat(), field]]) {
        refused(api, 'malformed_request', () => verifier.verify({ ...request, headers }), /headers/);
        refused(api, 'malformed_request', () => verifier.begin({ method: 'POST', target: '/', headers, ...now }), /headers/);
        refused(api, 'malformed_argument', () => verifier.verify({ ...request, headers, now: 1.5 }), /now/);
      }
    }
    refused(api, 'malformed_request', () => verifier.verify({ ...request, headers: request.headers.flat().slice(1) }), /a value for each name/);
    refused(api, 'malformed_request', () => verifier.verify({ ...request, headers: [...request.headers, ['a']] }), /headers\[5\] must be a name/);
    refused(api, 'malformed_request', () => verifier.verify({ ...request, headers: Array(3) }), /headers\[0\]/);
    assert.equal(verifier.verify(request).owner, 'gateway');
  });

  test('a body may come in pieces, and a pending request is used once', () => {
    const { method, target, headers, body } = signedRequest(api);
    const begin = (options) => gateway(api, {}, options).verifier.begin({ method, target, headers, ...now });
    const pending = begin();
    assert.ok(pending instanceof api.PendingRequest);
    for (const piece of [body.subarray(0, 5), new Uint8Array(), body.slice(5, 6).buffer, Buffer.from(body.subarray(6))]) {
      assert.equal(pending.update(piece), undefined);
    }
    const verified = pending.finish(now);
    assert.ok(verified instanceof api.VerifiedRequest);
    assert.deepEqual([verified.owner, verified.timestamp], ['gateway', NOW]);

    const late = begin();
    late.update(body);
    refused(api, 'expired', () => late.finish({ now: NOW + 61 }));
    const long = begin({ bodyLimit: 20 });
    long.update(body);
    refused(api, 'payload_too_large', () => long.update(new Uint8Array(8)));
    for (const used of [pending, late, long]) {
      refused(api, 'malformed_argument', () => used.update(body), /finished or refused/);
      refused(api, 'malformed_argument', () => used.finish(now), /finished or refused/);
    }

    const { verifier } = gateway(api);
    const [first, second] = [1, 2].map(() => verifier.begin({ method, target, headers, ...now }));
    first.update(body);
    second.update(body);
    assert.equal(first.finish(now).nonce, NONCE);
    refused(api, 'replayed', () => second.finish(now));
  });

  test('a wrong call uses no pending request up', () => {
    const { method, target, headers, body } = signedRequest(api);
    const pending = gateway(api).verifier.begin({ method, target, headers, ...now });
    for (const [run, detail] of [
      [() => pending.update(), /piece/],
      [() => pending.update('text'), /Uint8Array/],
      [() => pending.update(null), /piece/],
      [() => pending.update([1]), /piece/],
      [() => pending.finish({ now: 1.5 }), /now/],
      [() => pending.finish({ now: '1' }), /now/],
      [() => pending.finish(NOW), /plain object/],
      [() => pending.finish({ body }), /body/],
    ]) {
      refused(api, 'malformed_argument', run, detail);
    }
    assert.equal(inPieces(pending, body, now).owner, 'gateway');
  });

  test('verifiers share a guard, and follow their keyring', () => {
    const guard = new api.MemoryReplayGuard();
    const { verifier, ring } = gateway(api, {}, { guard });
    assert.equal(verifier.verify({ ...signedRequest(api), ...now }).owner, 'gateway');
    refused(api, 'replayed', () => gateway(api, {}, { guard }).verifier.verify({ ...signedRequest(api), ...now }));
    assert.equal(guard.size, 1);
    const { body, ...head } = signedRequest(api, { nonce: undefined });
    const pending = verifier.begin({ ...head, ...now });
    ring.revoke('gateway-1');
    refused(api, 'revoked_key', () => inPieces(pending, body, now));
    refused(api, 'revoked_key', () => verifier.begin({ ...head, ...now }));
  });

  test('every option of a signer has its effect', () => {
    const small = gateway(api, { bodyLimit: 3 }).signer;
    refused(api, 'payload_too_large', () => small.sign({ method: 'POST', url: 'http://h/', body: bytes('abcd') }));
    for (const body of [bytes('abc'), bytes('abc').buffer, Buffer.from('abc')]) {
      assert.equal(small.sign({ method: 'POST', url: 'http://h/', body })[0][0], 'Content-Digest');
    }
    for (const body of [new Uint8Array(), undefined]) {
      assert.equal(small.sign({ method: 'POST', url: 'http://h/', body })[0][0], 'Signature-Input');
    }
    refused(api, 'revoked_key', () => gateway(api, {}, {}, { revoked: true }).signer.sign({ method: 'GET', url: 'http://h/' }));
    refused(api, 'inactive_key', () => gateway(api, {}, {}, { notBefore: NOW + 1 }).signer.sign({ method: 'GET', url: 'http://h/', now: NOW }));
    assert.equal(gateway(api, { extra_fields: ['x-b'] }).signer.sign({ method: 'GET', url: 'http://h/', headers: ['x-b', ''] })[0][1].includes('"x-b"'), true);
  });
}

function inPieces(pending, body, at) {
  if (body !== undefined) {
    pending.update(body.subarray(0, 3));
    pending.update(body.subarray(3));
  }
  return pending.finish(at);
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at, pair } from './common.mjs';

export function errors(api, declarations) {
  test('an error is an Error with code, class and status', () => {
    let caught;
    try {
      pair(api).signer.sign(NaN, at());
    } catch (error) {
      caught = error;
    }
    assert.ok(caught instanceof api.CountersealError && caught instanceof Error);
    assert.deepEqual([caught.name, caught.code, caught.class, caught.status], ['CountersealError', 'malformed_payload', 'unauthorized', 401]);
    assert.equal(caught.message, `malformed_payload: ${caught.detail}`);
    assert.match(caught.stack, /^CountersealError: malformed_payload/);
  });

  test('the list of codes is closed, and the type of a code is that list', () => {
    const list = api.errorList();
    const source = readFileSync(declarations, 'utf8');
    const union = /export type ErrorCode =([^;]*);/.exec(source)[1];
    assert.deepEqual(Array.from(union.matchAll(/'(\w+)'/g), ([, code]) => code).sort(), list.map(({ code }) => code).sort());
    for (const { code, class: klass, status, sentence } of list) {
      const error = new api.CountersealError(code, 'why');
      assert.deepEqual([error.class, error.status, error.message], [klass, status, `${code}: why`]);
      assert.ok(Number.isInteger(status) && sentence.length > 10);
    }
  });

  test('evidence comes from a verifier only', () => {
    for (const Evidence of [api.Verified, api.VerifiedToken, api.VerifiedRequest, api.PendingRequest]) {
      assert.throws(() => new Evidence(Symbol('verified'), { payloadText: '1', claimsText: '{}' }), { code: 'malformed_argument' });
    }
  });

  test('small things', () => {
    assert.match(api.generateNonce(), /^[\w-]{22}$/);
    assert.notEqual(api.generateNonce(), api.generateNonce());
    assert.equal(api.canonicalJson(' {"b":1.0,"a":[1E2]} '), '{"a":[100],"b":1}');
    assert.throws(() => api.canonicalJson('{"a":1,"a":2}'), { code: 'malformed_payload' });
  });
}

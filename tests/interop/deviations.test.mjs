// Where npm's http-message-signatures 1.0.6 does not do what RFC 9421 says, or chooses otherwise than we do where it may.
// Each was found by running it. A test that fails here says that the library has changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from './ours.mjs';
import { alone, told } from './theirs.mjs';
import { cases, Refused, requestOf, send, serve } from './wire.mjs';

const refusal = async (run) => {
  try {
    return await run();
  } catch (error) {
    assert.ok(error instanceof Refused, error.stack);
    return error.message;
  }
};
const of = (target, method = 'GET') => ({ ...requestOf(cases[0], 8200), target, method });
const OWN = ['http://127.0.0.1:8200'];

// RFC 9421 section 2.2.6 and 2.2.7: the path and the query as they are sent. `new URL` writes both anew.
for (const described of cases) {
  const { name, target, extra } = described;
  const kept = new URL(`http://h${target}`).href === `http://h${target}`;
  test(`as it comes, ${kept ? 'it agrees on' : 'it rewrites and refuses'}: ${name}`, async (context) => {
    for (const [signer, verifier, refused] of [[ours, alone, 'false'], [alone, ours, 'bad_signature']]) {
      const port = await serve(context, (authorities) => verifier.verifier(authorities, extra));
      const answer = await send(port, await signer.sign(requestOf(described, port), extra));
      assert.deepEqual(answer, kept ? { caller: verifier.caller } : { refused });
    }
  });
}

for (const target of ["/?'", '/?q="x"', '/{a}', '/a/../b', '/%2e/b']) {
  test(`as it comes, it rewrites ${target}, and told the target it does not`, async () => {
    assert.equal(await refusal(() => alone.verifier(OWN)(ours.sign(of(target)))), 'false');
    assert.equal(await refusal(async () => ours.verifier(OWN)(await alone.sign(of(target)))), 'bad_signature');
    assert.equal(await told.verifier(OWN)(ours.sign(of(target))), 'gateway-1');
    assert.equal(ours.verifier(OWN)(await told.sign(of(target))), 'gateway');
  });
}

test('as it comes, it does not see that a path was led astray in flight', async (context) => {
  const request = (port) => requestOf(cases[0], port);
  const astray = (signed) => ({ ...signed, target: '/public/..' + signed.target });
  const port = await serve(context, alone.verifier);
  assert.deepEqual(await send(port, astray(ours.sign(request(port)))), { caller: 'gateway-1' });
  const own = await serve(context, ours.verifier);
  assert.deepEqual(await send(own, astray(await alone.sign(request(own)))), { refused: 'bad_signature' });
});

// RFC 9421 section 2.2.1: the method is case-sensitive, and signed as it is sent.
test('it signs a method in lower case in upper case', async () => {
  const signed = await told.sign(of('/status', 'get'));
  assert.equal(await refusal(() => ours.verifier(OWN)(signed)), 'bad_signature');
  assert.equal(ours.verifier(OWN)({ ...signed, method: 'GET' }), 'gateway');
  assert.equal(await refusal(() => told.verifier(OWN)(ours.sign(of('/status', 'get')))), 'false');
  assert.equal(await told.verifier(OWN)({ ...ours.sign(of('/status')), method: 'get' }), 'gateway-1');
});

test('it remembers no nonce', async (context) => {
  const port = await serve(context, told.verifier);
  const signed = ours.sign(requestOf(cases[0], port));
  assert.deepEqual([await send(port, signed), await send(port, signed)], [{ caller: 'gateway-1' }, { caller: 'gateway-1' }]);
});

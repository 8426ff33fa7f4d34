import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, NOW, POLICY, refused, signedRequest } from './common.mjs';

const SENTENCES = ['gateway may POST vault /a%20b, /execute', 'anyone may call vault /health'];

export function trust(api) {
  test('a policy says who may call whom, in words', () => {
    for (const policy of [POLICY, JSON.stringify(POLICY), ` ${JSON.stringify(POLICY)}\n`, structuredClone(POLICY)]) {
      const mesh = new api.Trust(policy);
      assert.equal(mesh.check('vault', 'gateway', 'POST', '/execute/now'), undefined);
      assert.deepEqual([mesh.isExempt('vault', '/health'), mesh.isExempt('vault', '/health/'), mesh.isExempt('search', '/health'), mesh.isExempt('other', '/')], [true, false, false, false]);
      assert.deepEqual([mesh.explain('vault'), mesh.explain('search'), mesh.explain('other')], [SENTENCES, ['heartbeat may call search /'], []]);
      refused(api, 'caller_not_allowed', () => mesh.check('vault', 'gateway', 'GET', '/execute'), /gateway may not GET vault \/execute: gateway may POST/);
      refused(api, 'caller_not_allowed', () => mesh.check('other', 'gateway', 'POST', '/execute'), /nobody may/);
      refused(api, 'caller_not_allowed', () => mesh.check('vault', 'heartbeat', 'POST', '/execute'));
      refused(api, 'caller_not_allowed', () => mesh.check('vault', 'gateway', 'POST', '/executes'));
    }
    assert.deepEqual(new api.Trust({}).explain('vault'), []);
  });

  test('a verifier holds each request against its policy', () => {
    const policy = (paths) => ({ vault: { rules: [{ callers: ['gateway'], paths }], exempt: ['/health'] } });
    for (const trusted of [policy(['/']), new api.Trust(policy(['/'])), new api.Trust(JSON.stringify(policy(['/'])))]) {
      const { verifier } = gateway(api, {}, { trust: trusted, callee: 'vault' });
      assert.equal(verifier.verify({ ...signedRequest(api), now: NOW }).owner, 'gateway');
      assert.deepEqual([verifier.isExempt('/health'), verifier.isExempt('/a')], [true, false]);
    }
    for (const trusted of [policy(['/b']), new api.Trust(policy(['/b']))]) {
      const { verifier } = gateway(api, {}, { trust: trusted, callee: 'vault' });
      refused(api, 'caller_not_allowed', () => verifier.verify({ ...signedRequest(api), now: NOW }), /gateway may call vault \/b/);
    }
    assert.equal(gateway(api).verifier.isExempt('/health'), false);
  });

  test('a policy is what it was when it was made', () => {
    const policy = structuredClone(POLICY);
    const mesh = new api.Trust(policy);
    policy.vault.rules[0].callers.push('heartbeat');
    policy.vault.exempt.push('/a%2Fb/execute');
    assert.deepEqual(mesh.explain('vault'), SENTENCES);
    const { verifier } = gateway(api, {}, { trust: mesh, callee: 'vault' });
    assert.equal(verifier.isExempt('/a%2Fb/execute'), false);
    const named = new api.Trust('{"__proto__":{"exempt":["/health"]}}');
    assert.equal(gateway(api, {}, { trust: named, callee: '__proto__' }).verifier.isExempt('/health'), true);
  });

  test('a wrong call for a policy names what is wrong', () => {
    const mesh = new api.Trust(POLICY);
    const rule = (members) => ({ vault: { rules: [{ callers: ['gateway'], ...members }] } });
    const calls = [
      [() => new api.Trust(), /policy is undefined/],
      [() => new api.Trust(null), /object/],
      [() => new api.Trust(5), /object/],
      [() => new api.Trust([]), /object/],
      [() => new api.Trust(new Map()), /plain/],
      [() => new api.Trust(mesh), /plain/],
      [() => new api.Trust(''), /trust/],
      [() => new api.Trust('{"vault":{},"vault":{}}'), /trust/],
      [() => new api.Trust('\ud800'), /surrogate/],
      [() => new api.Trust(new Uint8Array(2)), /plain/],
      [() => new api.Trust({ vault: 5 }), /object/],
      [() => new api.Trust({ vault: { rule: [] } }), /rule/],
      [() => new api.Trust({ vault: { rules: {} } }), /rules must be a list/],
      [() => new api.Trust({ vault: { rules: undefined } }), /policy\["vault"\]\["rules"\] is undefined/],
      [() => new api.Trust({ vault: { exempt: ['/a?b'] } }), /exempt/],
      [() => new api.Trust({ get vault() { throw new Error('called'); } }), /getter/],
      [() => new api.Trust(rule({ callers: [] })), /callers/],
      [() => new api.Trust(rule({ callers: ['a b'] })), /callers/],
      [() => new api.Trust(rule({ methods: 'POST' })), /methods/],
      [() => new api.Trust(rule({ paths: ['/a/../b'] })), /paths/],
      [() => new api.Trust(rule({ path: ['/'] })), /path/],
      [() => mesh.check(), /callee must be a string/],
      [() => mesh.check('vault', 5, 'GET', '/'), /caller/],
      [() => mesh.check('vault', 'gateway', undefined, '/'), /method/],
      [() => mesh.check('vault', 'gateway', 'GET'), /path/],
      [() => mesh.check('vault', 'gateway', 'GET', '\ud800'), /surrogate/],
      [() => mesh.isExempt('vault'), /path/],
      [() => mesh.isExempt(5, '/'), /callee/],
      [() => mesh.explain(), /callee/],
      [() => mesh.explain(['vault']), /callee/],
    ];
    for (const [run, detail] of calls) {
      refused(api, 'malformed_argument', run, detail);
    }
  });
}

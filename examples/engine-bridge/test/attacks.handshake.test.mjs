// Who is not let in: each handshake that must be refused, tried on a live hub.

import { Secret } from 'counterseal';
import { test } from 'node:test';
import { encoded, mint } from './minted.mjs';
import { ROGUE, Scene, TOO_LARGE, UNAUTHORIZED } from './scene.mjs';

const NONCE = 'AAECAwQFBgcICQoLDA0ODw';
const ENGINE = { role: 'engine', engineId: ROGUE };

test('no token: nothing, or anything that is no handshake', async (t) => {
  const scene = await Scene.open(t);
  const { token } = await scene.identity();
  const odd = [{}, { nonce: NONCE }, { token }, { nonce: NONCE, token: null }, { nonce: NONCE, token: [token] }, { nonce: NONCE, token, role: 'engine' }];
  for (const handshake of [null, '', 7, [], ...odd]) {
    await refused(scene, await scene.attacker({ handshake }), 'malformed_packet');
  }
  for (const odd of ['', 'A', `${NONCE}A`, NONCE.replace('A', '+'), `${NONCE.slice(0, -1)}x`]) {
    await refused(scene, await scene.attacker({ handshake: { nonce: odd, token } }), 'malformed_packet');
  }
  for (const odd of ['', 'x', 'a.b.c', `${token}.`, ` ${token}`, token.replace('.', '..')]) {
    await refused(scene, await scene.attacker({ handshake: { nonce: NONCE, token: odd } }), 'malformed_token');
  }
  await refused(scene, await scene.attacker({ handshake: { nonce: NONCE, token: 'x'.repeat(10_000) } }), 'token_too_large', TOO_LARGE);
  await refused(scene, await scene.attacker({ handshake: { nonce: NONCE, token: 'x'.repeat(100_000) } }), 'payload_too_large', TOO_LARGE);
});

test('a token that the hub did not sign', async (t) => {
  const scene = await Scene.open(t);
  const { token } = await scene.identity();
  const [header, claims, signature] = token.split('.');
  const other = { ...ENGINE, engineId: scene.honest.name };
  const forged = [
    [mint(Secret.generate(), ENGINE), 'bad_signature'],
    [mint(Secret.generate(), ENGINE, { id: 'tokens.1' }), 'unknown_key'],
    [[header, encoded(other), signature].join('.'), 'bad_signature'],
    [[header, claims, `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`].join('.'), 'bad_signature'],
    [[encoded({ alg: 'none', typ: 'JWT' }), claims, ''].join('.'), 'unsupported_algorithm'],
    [[encoded({ alg: 'HS512', typ: 'JWT', kid: 'tokens.0' }), claims, signature].join('.'), 'unsupported_algorithm'],
    [[encoded({ alg: 'HS256', typ: 'JWT', kid: 'tokens.0', crit: ['exp'] }), claims, signature].join('.'), 'unsupported_critical'],
  ];
  for (const [token, code] of forged) await refused(scene, await scene.attacker({ handshake: { nonce: NONCE, token } }), code);
});

test('a token that says another role, no engine, or another time', async (t) => {
  const scene = await Scene.open(t);
  const secret = await scene.secret('tokens');
  const now = Math.floor(Date.now() / 1000);
  const minted = [
    [{ ...ENGINE, role: 'admin' }, 'claim_mismatch'],
    [{ ...ENGINE, role: 'Engine' }, 'claim_mismatch'],
    [{ ...ENGINE, role: ['engine'] }, 'claim_invalid'],
    [{ engineId: ROGUE }, 'claim_missing'],
    [{ role: 'engine' }, 'claim_missing'],
    [{ role: 'engine', engineId: '' }, 'claim_invalid'],
    [{ role: 'engine', engineId: 7 }, 'claim_invalid'],
    [{ role: 'engine', engineId: 'engine>1' }, 'claim_invalid'],
    [{ role: 'engine', engineId: 'x'.repeat(65) }, 'claim_invalid'],
    [{ ...ENGINE, aud: 'dashboard' }, 'claim_mismatch'],
    [ENGINE, 'token_expired', { now: now - 3700 }],
    [ENGINE, 'token_not_yet_valid', { now: now + 600 }],
  ];
  for (const [claims, code, options] of minted) {
    const token = mint(secret, claims, options);
    await refused(scene, await scene.attacker({ handshake: { nonce: NONCE, token } }), code);
  }
});

test('the hub’s own name', async (t) => {
  const scene = await Scene.open(t);
  const token = mint(await scene.secret('tokens'), { role: 'engine', engineId: 'hub' });
  await refused(scene, await scene.attacker({ handshake: { nonce: NONCE, token } }), 'caller_not_allowed', { class: 'forbidden', status: 403 });
});

async function refused(scene, attacker, code, told = UNAUTHORIZED) {
  await scene.foiled(attacker, { event: 'AUTH_FAILED', user: null, code, told: [['refused', told]] });
}

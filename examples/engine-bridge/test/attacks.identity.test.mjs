// Who has a token and not its key, or a key no longer: let in by the handshake, and out by the first packet.

import assert from 'node:assert/strict';
import { Secret } from 'counterseal';
import { test } from 'node:test';
import { PROVED, ROGUE, Scene, UNAUTHORIZED } from './scene.mjs';

test('a stolen token without the key replaces nobody', async (t) => {
  const scene = await Scene.open(t);
  const stolen = { ...scene.honest.identity, secret: Secret.generate() };
  const thief = await (await scene.attacker({}, stolen)).welcomed();
  // While the thief is connected, jobs still go to the one who has the key.
  await scene.honest.served();
  thief.send('engine_status', thief.sign('engine_status', { status: 'STOLEN', receipt: true }));
  await scene.foiled(thief, { code: 'bad_signature', user: scene.honest.name });
  assert.deepEqual(thief.heard.all.map(([event]) => event), ['welcome', 'refused', 'disconnect'], 'neither a job nor a fresh token was sent to it');
});

test('one engine’s token with another’s key', async (t) => {
  const scene = await Scene.open(t);
  const [own, stolen] = [await scene.identity(), scene.honest.identity];
  const crossed = { ...own, token: stolen.token };
  const cases = [
    // All its own but the token: the key is not this connection's.
    [{ ...own, token: stolen.token }, 'unknown_key'],
    [{ ...own, token: stolen.token, name: stolen.name }, 'unknown_key'],
    [{ ...crossed, name: stolen.name, key_id: stolen.key_id }, 'bad_signature'],
    [{ ...crossed, key_id: 'hub' }, 'unknown_key'],
  ];
  for (const [identity, code] of cases) {
    const attacker = await (await scene.attacker({}, identity)).welcomed();
    attacker.send('engine_status', attacker.sign('engine_status', { status: 'CROSSED' }));
    await scene.foiled(attacker, { code, user: stolen.name });
  }
});

test('many connections with one stolen token do not keep its engine out', async (t) => {
  const scene = await Scene.open(t);
  const engine = await scene.identity();
  const thieves = [];
  for (let number = 0; number < 12; number++) {
    const thief = await scene.attacker({}, { ...engine, secret: Secret.generate() });
    thieves.push(await thief.welcomed());
  }
  const genuine = await scene.attacker({}, engine);
  await genuine.proved();
  const told = [['refused', { class: 'too_many_requests', status: 429 }]];
  await scene.foiled(thieves[0], { code: 'rate_limited', event: 'ENGINE_DISCONNECTED', told, accepted: PROVED });
  assert.equal(await scene.hub.sendJob(ROGUE, { jobId: 'job-1', jobType: 'render' }), true);
  await genuine.hears('job');
});

test('a key that is revoked while its engine is connected', async (t) => {
  const scene = await Scene.open(t);
  const [connected, unproved] = [await scene.attacker(), await scene.attacker()];
  await connected.proved();
  await unproved.welcomed();
  assert.equal(await scene.hub.revoke(ROGUE), true);
  for (const attacker of [connected, unproved]) {
    await scene.foiled(attacker, { code: 'revoked_key', event: 'ENGINE_DISCONNECTED', accepted: attacker === connected ? PROVED : [] });
  }
  // Its token holds still, and gets it nothing; nor does a fresh one, nor another start of the hub.
  for (const identity of [undefined, await scene.identity()]) {
    await scene.foiled(await scene.attacker({}, identity), { code: 'revoked_key', event: 'AUTH_FAILED' });
  }
  assert.equal(await scene.hub.sendJob(ROGUE, { jobType: 'render' }), false);
});

test('a revocation outlives the hub', async (t) => {
  const before = await Scene.open(t);
  const identity = await before.identity();
  await before.hub.revoke(ROGUE);
  await before.hub.end('SIGKILL');
  const after = await Scene.open(t, { state: before.state });
  await after.foiled(await after.attacker({}, { ...identity, url: after.hub.url }), { code: 'revoked_key', event: 'AUTH_FAILED' });
});

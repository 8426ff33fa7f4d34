// What an engine with a genuine key cannot pass off: each hostile packet, sent to a live hub on a genuine connection.

import assert from 'node:assert/strict';
import { generateNonce, Secret } from 'counterseal';
import { test } from 'node:test';
import { PROVED, ROGUE, Scene, TOO_LARGE, UNTIMELY } from './scene.mjs';

const STATUS = { status: 'FORGED', receipt: true };

test('a wrong signature: any part of a packet changed after it was signed', async (t) => {
  const scene = await Scene.open(t);
  const changes = [
    [(packet) => ({ payload: { ...packet.payload, status: 'OTHER' } }), 'bad_signature'],
    [(packet) => ({ ts: packet.ts - 1 }), 'bad_signature'],
    [() => ({ nonce: generateNonce() }), 'bad_signature'],
    [() => ({ sig: 'A'.repeat(43) }), 'bad_signature'],
    [() => ({ sig: '' }), 'malformed_packet'],
    [() => ({ kid: 'engine-1.0' }), 'unknown_key'],
    [() => ({ kid: 'engine-13.1' }), 'unknown_key'],
    [() => ({ v: 2 }), 'unsupported_version'],
    [() => ({ extra: 1 }), 'malformed_packet'],
    [({ sig }) => ({ sig: `${sig.startsWith('A') ? 'B' : 'A'}${sig.slice(1)}` }), 'bad_signature'],
  ];
  for (const [change, code] of changes) {
    const attacker = await (await scene.attacker()).welcomed();
    const packet = attacker.sign('engine_status', STATUS);
    attacker.send('engine_status', { ...packet, ...change(packet) });
    await scene.foiled(attacker, { code });
  }
  await hostile(scene, 'bad_signature', (attacker) => attacker.sign('engine_status', STATUS, { secret: Secret.generate() }));
});

test('a packet sent twice on its connection', async (t) => {
  const scene = await Scene.open(t);
  const attacker = await scene.attacker();
  attacker.send('engine_status', await attacker.proved());
  await scene.foiled(attacker, { code: 'replayed', accepted: PROVED });
});

test('two packets with one nonce', async (t) => {
  const scene = await Scene.open(t);
  const attacker = await scene.attacker();
  const { nonce } = await attacker.proved();
  attacker.send('telemetry', attacker.sign('telemetry', { load: 1 }, { nonce }));
  await scene.foiled(attacker, { code: 'replayed', accepted: PROVED });
});

test('a recorded packet and handshake, on a second connection', async (t) => {
  const scene = await Scene.open(t);
  const { token } = await scene.identity();
  const handshake = { nonce: generateNonce(), token };
  const first = await scene.attacker({ handshake });
  const packet = await first.proved();
  const second = await (await scene.attacker({ handshake })).welcomed();
  assert.notEqual(second.session, first.session);
  second.send('engine_status', packet);
  await scene.foiled(second, { code: 'bad_signature', accepted: PROVED });
  // The connection that it was recorded on is the engine's still.
  assert.equal(await scene.hub.sendJob(ROGUE, { jobId: 'job-1', jobType: 'render' }), true);
  await first.hears('job');
});

test('a recorded packet and handshake, after the hub has been killed and started again', async (t) => {
  const before = await Scene.open(t);
  const identity = await before.identity();
  const handshake = { nonce: generateNonce(), token: identity.token };
  const first = await before.attacker({ handshake }, identity);
  const packet = await first.proved();
  await before.hub.end('SIGKILL');
  const after = await Scene.open(t, { state: before.state, port: before.hub.port });
  const second = await (await after.attacker({ handshake }, identity)).welcomed();
  second.send('engine_status', packet);
  await after.foiled(second, { code: 'bad_signature' });
});

test('the hub’s own packets, reflected to it', async (t) => {
  const scene = await Scene.open(t, { session: { heartbeat_every: 1 } });
  for (const [kid, code] of [[undefined, 'unknown_key'], [`${ROGUE}.0`, 'bad_signature']]) {
    for (const event of ['token', 'received', 'job', 'heartbeat']) {
      const attacker = await scene.attacker();
      await attacker.proved();
      if (event === 'job') assert.equal(await scene.hub.sendJob(ROGUE, { jobId: 'job-1', jobType: 'render' }), true);
      const [, packet] = await attacker.hears(event);
      attacker.send(event, kid === undefined ? packet : { ...packet, kid });
      await scene.foiled(attacker, { code, accepted: PROVED });
    }
  }
});

test('the hub’s welcome, reflected as the first packet', async (t) => {
  const scene = await Scene.open(t);
  const attacker = await (await scene.attacker()).welcomed();
  const [, welcome] = await attacker.hears('welcome');
  attacker.send('heartbeat', welcome);
  await scene.foiled(attacker, { code: 'unknown_key' });
});

test('a packet sent as another event, of another direction, peer or session', async (t) => {
  const scene = await Scene.open(t);
  for (const name of ['job_result', 'telemetry', 'heartbeat', 'Engine_status', 'job', 'never-heard-of']) {
    await hostile(scene, 'bad_signature', (attacker) => attacker.sign('engine_status', STATUS), name);
  }
  for (const other of [{ from: 'hub', to: ROGUE }, { from: 'engine-1' }, { to: 'engine-1' }, { session: generateNonce() }, { session: '' }]) {
    await hostile(scene, 'bad_signature', (attacker) => attacker.sign('engine_status', STATUS, other));
  }
});

test('a clock ten minutes off, either way: refused with the hub’s own', async (t) => {
  const scene = await Scene.open(t);
  for (const [offset, code] of [[-600, 'expired'], [600, 'not_yet_valid']]) {
    const now = Math.floor(Date.now() / 1000) + offset;
    const attacker = await hostile(scene, code, (attacker) => attacker.sign('engine_status', STATUS, { now }), 'engine_status', UNTIMELY);
    const [[, told]] = attacker.told();
    assert.ok(Math.abs(now - told.now - offset) <= 5, 'the refusal tells how far the clock is off');
  }
  // Who has not the key learns no time.
  const now = Math.floor(Date.now() / 1000) - 600;
  await hostile(scene, 'bad_signature', (attacker) => attacker.sign('engine_status', STATUS, { now, secret: Secret.generate() }));
});

test('genuine packets that say what their event cannot', async (t) => {
  const scene = await Scene.open(t);
  const cases = [
    ['engine_status', { status: 7 }],
    ['engine_status', { status: 'x'.repeat(65) }],
    ['engine_status', { status: 'IDLE', receipt: 'yes' }],
    ['engine_status', 'IDLE'],
    ['job_result', { jobId: 'job-1' }],
    ['job_result', { jobId: 'x'.repeat(65), ok: true }],
    ['telemetry', []],
  ];
  for (const [event, payload] of cases) {
    const attacker = await (await scene.attacker()).welcomed();
    attacker.send(event, attacker.sign(event, payload));
    await scene.foiled(attacker, { code: 'malformed_payload', accepted: ['ENGINE_CONNECTED'] });
  }
  for (const payload of [{ more: 1 }, [], null]) await hostile(scene, 'malformed_payload', (attacker) => attacker.sign('heartbeat', payload), 'heartbeat');
});

test('more than the body limit', async (t) => {
  const scene = await Scene.open(t, { session: { body_limit: 1000 } });
  const sized = (length) => ({ ...STATUS, more: 'x'.repeat(length - JSON.stringify({ ...STATUS, more: '' }).length) });
  await hostile(scene, 'payload_too_large', (attacker) => attacker.sign('engine_status', sized(1001)), 'engine_status', TOO_LARGE);
  await hostile(scene, 'payload_too_large', (attacker) => attacker.sign('engine_status', sized(9000)), 'engine_status', TOO_LARGE);
  const attacker = await (await scene.attacker()).welcomed();
  attacker.send('engine_status', attacker.sign('engine_status', sized(1000)));
  await attacker.hears('received');
});

/** Sends what `make` makes, as the first packet of a connection. */
async function hostile(scene, code, make, event = 'engine_status', told) {
  const attacker = await (await scene.attacker()).welcomed();
  attacker.send(event, make(attacker));
  await scene.foiled(attacker, { code, ...(told && { told: [['refused', told]] }) });
  return attacker;
}

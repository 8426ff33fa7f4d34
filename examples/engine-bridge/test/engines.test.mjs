// Engines in Node and in Python, as processes, at a real server.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENGINES, secretsOf, startEngine, startServer, temporaryFolder, visible } from './server.mjs';
import { Wire } from './wire.mjs';

for (const language of Object.keys(ENGINES)) {
  test(`${language}: connects, is known by its first packet, and has its status accepted`, async (t) => {
    const { hub, engine } = await connected(t, language);
    const { nonce } = await engine.seen('a receipt', named('received'));
    assert.ok(engine.lines.some((line) => line.event === 'engine_status' && line.nonce === nonce), 'the receipt is of a status of its own');
    await hub.trail.seen('the connection', by('engine-7', 'ENGINE_CONNECTED'));
    await hub.trail.seen('a status', by('engine-7', 'ENGINE_STATUS'));
    await hub.trail.seen('a heartbeat', by('engine-7', 'HEARTBEAT'));
  });

  test(`${language}: takes a job, and its signed result arrives`, async (t) => {
    const { hub, engine } = await connected(t, language);
    for (const [jobId, jobType, ok] of [['job-1', 'inspect', true], ['job-2', 'fail', false]]) {
      assert.equal(await hub.sendJob('engine-7', { jobId, jobType }), true);
      await engine.seen('the job', (line) => line.event === 'job' && line.jobId === jobId);
      const { metadata } = await hub.trail.seen('its result', (record) => record.event === 'JOB_RESULT' && record.metadata.jobId === jobId);
      assert.equal(metadata.ok, ok);
    }
  });

  test(`${language}: comes back after the server was killed, in a new session, with the newest token`, async (t) => {
    const state = await temporaryFolder(t);
    const first = await startServer(t, { state });
    const wire = await Wire.to(t, first.port);
    const identity = { ...(await first.provision('engine-7')), url: wire.url };
    const engine = startEngine(t, language, identity);
    await engine.seen('a newer token', named('token_renewed'));
    await first.end('SIGKILL');
    const { retry_in: wait } = await engine.seen('the loss', named('disconnected'));
    assert.ok(wait >= 0.5 && wait <= 1, `the first wait is about a second, not ${wait}`);
    const second = await startServer(t, { state, port: first.port });
    await engine.seen('a receipt', named('received'), engine.lines.findIndex(named('disconnected')));
    const [before, after] = engine.lines.filter(named('connected'));
    assert.notEqual(after.session, before.session);
    assert.equal(await second.sendJob('engine-7', { jobId: 'job-1', jobType: 'inspect' }), true);
    await second.trail.seen('the result', by('engine-7', 'JOB_RESULT'));
    const handshakes = wire.handshakes();
    assert.equal(handshakes[0].token, identity.token);
    assert.notEqual(handshakes.at(-1).token, identity.token);
    assert.equal(new Set(handshakes.map(({ nonce }) => nonce)).size, handshakes.length, 'no nonce twice');
  });

  test(`${language}: leaves a server that does not have its secret, and waits longer each time`, async (t) => {
    const hub = await startServer(t);
    const { secret } = await hub.provision('engine-8');
    // The welcome is signed under another secret: to this engine the server is an impostor.
    const engine = startEngine(t, language, { ...(await hub.provision('engine-7')), secret });
    await engine.seen('the third try', named('disconnected'), 2);
    assert.deepEqual(engine.lines.slice(0, 3).map(({ event, code }) => [event, code]), Array(3).fill(['disconnected', 'bad_signature']));
    const waits = engine.lines.map(({ retry_in: wait }) => wait);
    for (const [at, wait] of waits.entries()) assert.ok(wait >= 2 ** at / 2 && wait <= 2 ** at, `try ${at + 1} waits ${wait} s`);
  });

  test(`${language}: does no job that the server did not sign, and comes back`, async (t) => {
    const { engine, wire } = await connected(t, language);
    const packet = { v: 1, kid: 'hub', ts: Math.floor(Date.now() / 1000), nonce: 'A'.repeat(22), payload: { jobId: 'evil', jobType: 'inspect' }, sig: 'A'.repeat(43) };
    for (const [forged, code] of [[packet, 'bad_signature'], [packet.payload, 'malformed_packet']]) {
      const from = engine.lines.length;
      wire.say('job', forged);
      const { reason, code: why } = await engine.seen('the end', named('disconnected'), from);
      assert.deepEqual([reason, why], ['refused here', code]);
      await engine.seen('the next receipt', named('received'), from);
    }
    assert.ok(!engine.lines.some(named('job')));
  });

  test(`${language}: shows an unsigned refusal, with its own clock’s error where the server’s is named, and believes nothing`, async (t) => {
    const { engine, wire } = await connected(t, language);
    const now = Math.floor(Date.now() / 1000);
    const told = { class: 'unauthorized', status: 401, now: now + 600 };
    for (const odd of [told, null, 7, 'text', [], {}, { class: { toString: 1 }, status: 'x', now: null }, { now: 1e308 }]) {
      const from = engine.lines.length;
      wire.say('refused', odd);
      const shown = await engine.seen('the refusal', named('refused'), from);
      if (odd === told) assert.ok(Math.abs(shown.clock_ahead + 600) <= 2, `ten minutes behind, not ${shown.clock_ahead}`);
      await engine.seen('the next receipt', named('received'), from);
    }
  });

  test(`${language}: ends with its key`, async (t) => {
    const { hub, engine } = await connected(t, language);
    assert.equal(await hub.revoke('engine-7'), true);
    const refused = await engine.seen('the refusal', named('refused'));
    assert.deepEqual(refused, { event: 'refused', class: 'unauthorized', status: 401 });
    const { metadata } = await hub.trail.seen('its end', by('engine-7', 'ENGINE_DISCONNECTED'));
    assert.equal(metadata.code, 'revoked_key');
    const from = engine.lines.indexOf(refused) + 1;
    await engine.seen('the next refusal', named('refused'), from);
    assert.ok(!engine.lines.slice(from).some(named('connected')));
  });

  test(`${language}: ends cleanly at SIGTERM and with its input, and the server notices`, async (t) => {
    for (const signal of ['SIGTERM', undefined]) {
      const { hub, engine } = await connected(t, language);
      assert.equal(await engine.end(signal), 0);
      assert.deepEqual(engine.lines.at(-1), { event: 'stopped' });
      await hub.trail.seen('its end', by('engine-7', 'ENGINE_DISCONNECTED'));
    }
  });

  test(`${language}: says that its configuration is none, and does not quote it`, async (t) => {
    const engine = startEngine(t, language);
    engine.write(`{"name":"engine-7","secret":"hex:${SECRET}"\n`);
    assert.notEqual(await engine.end(), 0);
    assert.match(engine.output(), /must be the configuration/);
    assert.ok(!engine.output().includes(SECRET.slice(0, 8)));
  });
}

test('both at once: each job reaches its engine alone', async (t) => {
  const hub = await startServer(t);
  const engines = {};
  for (const [at, language] of Object.keys(ENGINES).entries()) {
    const name = `engine-${at}`;
    engines[name] = startEngine(t, language, await hub.provision(name));
    await engines[name].seen('a receipt', named('received'));
  }
  for (const name of Object.keys(engines)) await hub.sendJob(name, { jobId: `for-${name}`, jobType: 'inspect' });
  for (const [name, engine] of Object.entries(engines)) {
    await hub.trail.seen('the result', (record) => record.event === 'JOB_RESULT' && record.user_id === name && record.metadata.jobId === `for-${name}`);
    assert.deepEqual(engine.lines.filter(named('job')).map(({ jobId }) => jobId), [`for-${name}`]);
  }
});

test('a token is renewed at half of its life; the session ends with the first one, and the next begins with the newest', async (t) => {
  const hub = await startServer(t, { token_lifetime: 8 });
  await Promise.all(Object.keys(ENGINES).map(async (language) => {
    const name = `engine-${language}`;
    const engine = startEngine(t, language, await hub.provision(name));
    const { metadata } = await hub.trail.seen('the end', by(name, 'ENGINE_DISCONNECTED'));
    assert.equal(metadata.code, 'token_expired');
    const end = await engine.seen('the end', named('disconnected'));
    const at = engine.lines.indexOf(end);
    assert.equal(engine.lines.slice(0, at).filter(named('token_renewed')).length, 2, 'at the proof, and at half');
    // The first token is worth nothing any more.
    await engine.seen('the next session', named('connected'), at);
    await engine.seen('a receipt in it', named('received'), at);
  }));
});

test('no secret stands in arguments, environment, output or audit log', async (t) => {
  const state = await temporaryFolder(t);
  const hub = await startServer(t, { state });
  const secrets = [hub.password];
  const texts = [];
  for (const language of Object.keys(ENGINES)) {
    const identity = await hub.provision(`engine-${language}`);
    secrets.push(...secretsOf(identity));
    const engine = startEngine(t, language, identity);
    await engine.seen('a receipt', named('received'));
    texts.push(await visible(engine.pid), engine.output());
  }
  texts.push(await visible(hub.pid), await readFile(hub.trail.file, 'utf8'), `messages:${hub.messages()}`);
  for (const file of (await readdir(state)).filter((name) => name.endsWith('.secret'))) {
    const kept = (await readFile(join(state, file), 'utf8')).trim();
    secrets.push(kept.slice(kept.indexOf(':') + 1));
  }
  assert.equal(secrets.length, 7);
  for (const text of texts) {
    assert.ok(text.length > 0);
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret.length} characters of a secret were found`);
  }
});

const SECRET = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

/** A server, an engine whose status it has received, and the wire between them. */
async function connected(t, language) {
  const hub = await startServer(t);
  const wire = await Wire.to(t, hub.port);
  const engine = startEngine(t, language, { ...(await hub.provision('engine-7')), url: wire.url });
  await engine.seen('a receipt', named('received'));
  return { hub, engine, wire };
}

function named(event) {
  return (line) => line.event === event;
}

function by(user, event) {
  return (record) => record.event === event && record.user_id === user;
}

// Engines in Node and in Python, as processes, at a real server.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENGINES, secretsOf, startEngine, startServer, temporaryFolder, visible } from './server.mjs';

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
    for (const [jobId, jobType, ok] of [['job-1', 'render', true], ['job-2', 'fail', false]]) {
      assert.equal(await hub.sendJob('engine-7', { jobId, jobType }), true);
      await engine.seen('the job', (line) => line.event === 'job' && line.jobId === jobId);
      const { metadata } = await hub.trail.seen('its result', (record) => record.event === 'JOB_RESULT' && record.metadata.jobId === jobId);
      assert.equal(metadata.ok, ok);
    }
  });

  test(`${language}: comes back after the server was killed, with the token that it was sent last`, async (t) => {
    const state = await temporaryFolder(t);
    const first = await startServer(t, { state });
    const engine = startEngine(t, language, await first.provision('engine-7'));
    await engine.seen('a newer token', named('token_renewed'));
    const { session } = await engine.seen('its session', named('connected'));
    await first.end('SIGKILL');
    await engine.seen('the loss', named('disconnected'));
    const from = engine.lines.length;
    const second = await startServer(t, { state, port: first.port });
    const again = await engine.seen('the second session', named('connected'), from);
    assert.notEqual(again.session, session);
    await engine.seen('a receipt in it', named('received'), from);
    assert.equal(await second.sendJob('engine-7', { jobId: 'job-1', jobType: 'render' }), true);
    await second.trail.seen('the result', by('engine-7', 'JOB_RESULT'));
  });

  test(`${language}: is told that it was refused, no more, and comes back by itself with backoff`, async (t) => {
    const hub = await startServer(t);
    const genuine = await hub.provision('engine-7');
    const engine = startEngine(t, language, { ...genuine, secret: (await hub.provision('engine-8')).secret });
    // The welcome is signed under a secret that it does not have: to this engine the server is an impostor.
    const { code } = await engine.seen('its refusal', named('disconnected'));
    assert.equal(code, 'bad_signature');
    const second = await engine.seen('the next try', named('disconnected'), 1);
    assert.ok(second.retry_in > 0);
    assert.ok(!engine.lines.some(named('connected')));
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
  for (const name of Object.keys(engines)) await hub.sendJob(name, { jobId: `for-${name}`, jobType: 'render' });
  for (const [name, engine] of Object.entries(engines)) {
    await hub.trail.seen('the result', (record) => record.event === 'JOB_RESULT' && record.user_id === name && record.metadata.jobId === `for-${name}`);
    assert.deepEqual(engine.lines.filter(named('job')).map(({ jobId }) => jobId), [`for-${name}`]);
  }
});

test('a token is renewed before it expires, and the connection goes on past the first one’s end', async (t) => {
  const hub = await startServer(t, { token_lifetime: 4 });
  for (const language of Object.keys(ENGINES)) {
    const engine = startEngine(t, language, await hub.provision(`engine-${language}`));
    await engine.seen('the first renewal', named('token_renewed'));
    await engine.seen('the second', named('token_renewed'), engine.lines.findIndex(named('token_renewed')) + 1);
  }
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
  texts.push(await visible(hub.pid), await readFile(hub.trail.file, 'utf8'));
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

async function connected(t, language) {
  const hub = await startServer(t);
  const engine = startEngine(t, language, await hub.provision('engine-7'));
  await engine.seen('a receipt', named('received'));
  return { hub, engine };
}

function named(event) {
  return (line) => line.event === event;
}

function by(user, event) {
  return (record) => record.event === event && record.user_id === user;
}

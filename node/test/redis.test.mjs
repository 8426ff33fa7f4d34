// The guard that replicas share, on a real Redis, through both clients.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { Redis, Cluster } from 'ioredis';
import { createClient, createClientPool, createCluster } from 'redis';
import { CountersealError, Key, Keyring, MemoryReplayGuard, PacketSigner, PacketVerifier, RequestSigner, RequestVerifier, SharedReplayGuard } from 'counterseal';
import { RedisReplayGuard } from 'counterseal/redis';
import * as wasm from '@counterseal/wasm';
import { SECRET } from '../../wasm/test/suite/common.mjs';
import { startRedis } from './redis-server.mjs';
import { withoutAddon } from './without-addon.mjs';

const PASSWORD = 'correct-horse-battery';
const key = new Key('engine-7', { secret: SECRET });
const signer = new PacketSigner(key);
const clock = () => Math.floor(Date.now() / 1000);
const sign = (now = clock()) => signer.sign({ job: 42 }, { context: 'c', now });
const verifierOf = (guard, options) => new PacketVerifier(new Keyring([key]), { guard, ...options });

// Each opens a client as its users do, connecting, and closes it with the test.
const clients = {
  ioredis(context, { port }, options = {}) {
    const client = new Redis({ port, host: '127.0.0.1', ...options });
    client.on('error', () => undefined);
    context.after(() => client.disconnect());
    return client;
  },
  'node-redis'(context, { port }, options = {}) {
    const client = createClient({ socket: { port, host: '127.0.0.1' }, ...options });
    client.on('error', () => undefined);
    client.connect().catch(() => undefined);
    context.after(() => client.isOpen && client.destroy());
    return client;
  },
};
// A machine that is busy may take its time, but where that is what is tested.
const guardOf = (client, options) => new RedisReplayGuard(client, { timeout: 30_000, ...options });

for (const [name, open] of Object.entries(clients)) {
  test(`${name}: of claims at the same time one wins`, async (context) => {
    const server = await aged(context);
    const [ours, theirs] = [open(context, server), open(context, server)];
    const verifiers = [ours, ours, theirs].map((client) => verifierOf(guardOf(client)));
    for (let round = 0; round < 100; round++) {
      const packet = sign();
      const codes = await Promise.all(verifiers.map((verifier) => codeOf(verifier, packet)));
      assert.deepEqual(codes.sort(), ['ok', 'replayed', 'replayed']);
    }
  });

  test(`${name}: requests, and packets in parts`, async (context) => {
    const guard = guardOf(open(context, await aged(context)));
    const parts = { kind: 'bytes', body: Uint8Array.of(1), context: 'c' };
    const { timestamp: ts, ...signature } = signer.signParts(parts);
    const verify = () => verifierOf(guard).verifyPartsAsync({ ...parts, keyId: key.id, ts, ...signature });
    assert.deepEqual((await verify()).data, Uint8Array.of(1));
    await assert.rejects(verify(), { code: 'replayed' });

    const requests = new RequestVerifier(new Keyring([key]), { authorities: ['http://h'], guard });
    const headers = [['host', 'h'], ...new RequestSigner(key).sign({ method: 'GET', url: 'http://h/' })];
    assert.equal((await requests.verifyAsync({ method: 'GET', target: '/', headers, body: new Uint8Array() })).owner, 'engine-7');
    await assert.rejects(requests.begin({ method: 'GET', target: '/', headers }).finishAsync(), { code: 'replayed' });
  });

  test(`${name}: killed under load nothing is accepted, and it recovers by itself`, async (context) => {
    const server = await aged(context);
    const client = open(context, server);
    const [verifier, patient] = [verifierOf(new RedisReplayGuard(client)), verifierOf(guardOf(client))];
    const before = Array.from({ length: 20 }, () => sign());
    assert.deepEqual(await all(patient, before), ['ok']);

    const under = Array.from({ length: 200 }, () => sign());
    const answers = under.map((packet) => codeOf(verifier, packet));
    await server.kill();
    const accepted = (await Promise.all(answers)).filter((code) => code !== 'store_unavailable');
    assert.ok(accepted.every((code) => code === 'ok'), `${accepted}`);
    const during = Array.from({ length: 200 }, () => sign());
    assert.deepEqual(await all(verifier, during), ['store_unavailable']);
    await assert.rejects(verifier.verifyAsync(sign(), { context: 'c' }), { code: 'store_unavailable', status: 503 });

    await server.start();
    await until(async () => (await codeOf(verifier, sign(clock() + 5))) === 'ok');
    // It forgot, and knows that it did.
    const after = await all(patient, [...before, ...under, ...during]);
    assert.deepEqual(after.filter((code) => code !== 'replayed'), ['replay_guard_starting']);
  });

  test(`${name}: a client that has lost its server, or was closed, keeps nobody waiting`, async (context) => {
    const server = await aged(context);
    const client = open(context, server);
    const verifier = verifierOf(new RedisReplayGuard(client));
    assert.equal(await codeOf(verifierOf(guardOf(client)), sign()), 'ok');
    await server.kill();
    assert.equal(await codeOf(verifier, sign()), 'store_unavailable');
    (client.destroy ?? client.disconnect).call(client);
    assert.equal(await codeOf(verifier, sign()), 'store_unavailable');
  });

  test(`${name}: a client that never reached its server keeps nobody waiting`, async (context) => {
    const server = await aged(context);
    await server.kill();
    const guard = new RedisReplayGuard(open(context, server));
    assert.deepEqual(await all(verifierOf(guard), [sign(), sign()]), ['store_unavailable']);
    await server.start();
    await until(async () => (await codeOf(verifierOf(guard), sign(clock() + 5))) === 'ok');
  });

  test(`${name}: a server that hangs is given up, and used again when it answers`, async (context) => {
    const server = await aged(context);
    const client = open(context, server);
    const verifier = verifierOf(new RedisReplayGuard(client));
    assert.equal(await codeOf(verifierOf(guardOf(client)), sign()), 'ok');
    server.pause();
    await assert.rejects(verifier.verifyAsync(sign(), { context: 'c' }), { code: 'store_unavailable', message: /no answer within 250 ms/ });
    server.resume();
    await until(async () => (await codeOf(verifier, sign())) === 'ok');
  });

  test(`${name}: an answer that came while the process was busy is in time`, async (context) => {
    const client = open(context, await aged(context));
    assert.equal(await codeOf(verifierOf(guardOf(client)), sign()), 'ok');
    const code = codeOf(verifierOf(new RedisReplayGuard(client)), sign());
    await setImmediate();
    for (const end = performance.now() + 1000; performance.now() < end; );
    assert.equal(await code, 'ok');
  });

  test(`${name}: flushed, it refuses what was signed before`, async (context) => {
    const server = await aged(context);
    const client = open(context, server);
    const verifier = verifierOf(guardOf(client));
    const packet = sign();
    assert.equal(await codeOf(verifier, packet), 'ok');
    await (client.flushAll ?? client.flushall).call(client);
    assert.equal(await codeOf(verifier, packet), 'replay_guard_starting');
    // Its scripts are gone as well, and come back.
    await (client.scriptFlush?.() ?? client.script('FLUSH'));
    await until(async () => (await codeOf(verifier, sign(clock() + 5))) === 'ok');
  });

  test(`${name}: another tolerance is refused, another scope is another guard`, async (context) => {
    const client = open(context, await aged(context));
    const packet = sign();
    assert.equal(await codeOf(verifierOf(guardOf(client)), packet), 'ok');
    assert.equal(await codeOf(verifierOf(guardOf(client), { maxAge: 30 }), sign()), 'malformed_argument');
    assert.equal(await codeOf(verifierOf(guardOf(client, { scope: 'vault' })), packet), 'ok');
    assert.equal(await codeOf(verifierOf(guardOf(client, { scope: 'vault' })), packet), 'replayed');
  });

  test(`${name}: full, it refuses and forgets nothing`, async (context) => {
    const client = open(context, await aged(context));
    const verifier = verifierOf(guardOf(client));
    const packet = sign();
    assert.equal(await codeOf(verifier, packet), 'ok');
    await setting(client, 'maxmemory', '1');
    await assert.rejects(verifier.verifyAsync(sign(), { context: 'c' }), { code: 'replay_guard_full', status: 503 });
    await setting(client, 'maxmemory', '0');
    assert.equal(await codeOf(verifier, packet), 'replayed');
  });

  test(`${name}: a server that evicts is warned of`, async (context) => {
    const server = await aged(context);
    const client = open(context, server);
    const warned = [];
    const guard = new RedisReplayGuard(client, { warn: (message) => warned.push(message) });
    await guard.check();
    assert.deepEqual(warned, []);
    await setting(client, 'maxmemory-policy', 'allkeys-lru');
    await guard.check();
    assert.equal(warned.length, 1);
    assert.match(warned[0], /allkeys-lru.*noeviction/);
    for (const start of [(own) => own.check(), (own) => codeOf(verifierOf(own), sign())]) {
      const warning = once(process, 'warning');
      await start(guardOf(client));
      const [{ name: type, code, message }] = await warning;
      assert.deepEqual([type, code, message], ['CountersealWarning', 'COUNTERSEAL_REDIS_EVICTS', warned[0]]);
    }
  });

  test(`${name}: no password is in an error`, async (context) => {
    const server = await startRedis(context, '--requirepass', 'another');
    const client = open(context, server, { password: PASSWORD });
    const guard = new RedisReplayGuard(client);
    const failures = [verifierOf(guard).verifyAsync(sign(), { context: 'c' }), guard.check()].map((call) => call.then(() => 'accepted', (error) => error));
    for (const error of await Promise.all(failures)) {
      assert.equal(error.code, 'store_unavailable');
      assert.ok(!inspect([error, error.cause, guard], { depth: 9, showHidden: true }).includes(PASSWORD));
    }
  });

  test(`${name}: what a permission forbids is told by its kind alone`, async (context) => {
    const server = await aged(context);
    const client = open(context, server);
    await (client.aclSetUser?.('default', ['-evalsha', '-eval', '-info']) ?? client.acl('SETUSER', 'default', '-evalsha', '-eval', '-info'));
    const guard = guardOf(client);
    await assert.rejects(verifierOf(guard).verifyAsync(sign(), { context: 'c' }), { code: 'store_unavailable', message: /: Redis answered NOPERM;/ });
    await assert.rejects(guard.check(), { code: 'store_unavailable', message: /NOPERM$/ });
  });

  test(`${name}: the wasm engine shares the guard with the addon`, async (context) => {
    const client = open(context, await aged(context));
    const store = { claim: (keys, args) => (client.evalSha ? client.eval(wasm.SharedReplayGuard.script, { keys, arguments: args }) : client.eval(wasm.SharedReplayGuard.script, keys.length, ...keys, ...args)) };
    const theirs = new wasm.PacketVerifier(new wasm.Keyring([new wasm.Key('engine-7', { secret: SECRET })]), { guard: new wasm.SharedReplayGuard(store, { timeout: 30_000 }) });
    const ours = verifierOf(guardOf(client));
    for (let round = 0; round < 50; round++) {
      const packet = sign();
      const codes = await Promise.all([theirs, ours].map((verifier) => codeOf(verifier, packet)));
      assert.deepEqual(codes.sort(), ['ok', 'replayed']);
    }
  });
}

test('clocks apart: never accepted twice, and the codes are those of the clock that judges', async (context) => {
  const client = clients.ioredis(context, await aged(context));
  const verifier = verifierOf(guardOf(client));
  const now = clock();
  for (const [apart, ahead] of [[4, 'ok'], [40, 'not_yet_valid']]) {
    const packet = sign(now + apart);
    assert.equal(await codeOf(verifier, packet, now), ahead);
    assert.equal(await codeOf(verifier, packet, now + apart), ahead === 'ok' ? 'replayed' : 'ok');
    assert.equal(await codeOf(verifier, packet, now + apart), 'replayed');
    assert.equal(await codeOf(verifier, packet, now + apart + 61), 'expired');
  }
});

test('a cluster: the keys of a claim share a slot', async (context) => {
  const server = await aged(context, '--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1');
  const alone = clients.ioredis(context, server);
  await alone.cluster('ADDSLOTSRANGE', 0, 16383);
  await until(async () => (await alone.cluster('INFO')).includes('cluster_state:ok'));
  const ours = new Cluster([{ host: '127.0.0.1', port: server.port }]);
  context.after(() => ours.disconnect());
  const theirs = createCluster({ rootNodes: [{ url: server.url }] });
  theirs.on('error', () => undefined);
  await theirs.connect();
  context.after(() => theirs.destroy());
  const warned = [];
  const guards = [ours, theirs].map((client) => guardOf(client, { cluster: true, warn: (message) => warned.push(message) }));
  // Each of the 64 guards begins with its first claim.
  const verifiers = guards.map((guard) => verifierOf(guard));
  for (let round = 0; round < 50; round++) {
    const packet = sign(clock() + 30);
    const codes = await Promise.all(verifiers.map((verifier) => codeOf(verifier, packet, clock() + 30)));
    assert.deepEqual(codes.sort(), ['ok', 'replayed']);
  }
  await alone.config('SET', 'maxmemory-policy', 'volatile-ttl');
  await Promise.all(guards.map((guard) => guard.check()));
  assert.deepEqual([warned.length, warned[0]], [2, warned[1]]);
  for (const client of [ours, theirs]) {
    assert.throws(() => guardOf(client), { code: 'malformed_argument', message: /cluster must be true/ });
  }
});

test('where no addon loads, the guard in Redis is the same', async (context) => {
  const server = await aged(context);
  const packet = sign();
  const source = `
    import { createRequire } from 'node:module';
    import { about, Key, Keyring, PacketVerifier } from 'counterseal';
    import { RedisReplayGuard } from 'counterseal/redis';
    const { Redis } = createRequire(${JSON.stringify(fileURLToPath(import.meta.url))})('ioredis');
    const client = new Redis(${server.port});
    const guard = new RedisReplayGuard(client, { timeout: 30000 });
    await guard.check();
    const verifier = new PacketVerifier(new Keyring([new Key('engine-7', { secret: '${SECRET}' })]), { guard });
    const verify = (packet) => verifier.verifyAsync(packet, { context: 'c' }).then(({ owner }) => owner, ({ code }) => code);
    console.log(about().engine, await verify(${JSON.stringify(packet)}), await verify(${JSON.stringify(packet)}));
    client.disconnect();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], { cwd: withoutAddon(context) });
  assert.equal(stdout, 'wasm engine-7 replayed\n');
  assert.equal(await codeOf(verifierOf(guardOf(clients.ioredis(context, server))), packet), 'replayed');
});

test('a pool of connections, and a client that says numbers as text', async (context) => {
  const server = await aged(context);
  const pool = createClientPool({ url: server.url });
  pool.on('error', () => undefined);
  await pool.connect();
  context.after(() => pool.destroy());
  const texts = clients.ioredis(context, server, { stringNumbers: true });
  for (const client of [pool, texts]) {
    const [verifier, packet] = [verifierOf(guardOf(client)), sign()];
    assert.deepEqual([await codeOf(verifier, packet), await codeOf(verifier, packet)], ['ok', 'replayed']);
  }
});

test('a wrong call names what is wrong', async (context) => {
  const client = new Redis({ lazyConnect: true });
  const calls = [
    [() => new RedisReplayGuard(), /ioredis or node-redis/],
    [() => new RedisReplayGuard('redis://127.0.0.1'), /ioredis or node-redis/],
    [() => new RedisReplayGuard({ eval() {} }), /ioredis or node-redis/],
    [() => new RedisReplayGuard(new MemoryReplayGuard()), /ioredis or node-redis/],
    [() => new RedisReplayGuard(client, 5), /plain object/],
    [() => guardOf(client, { warn: 5 }), /warn must be a function/],
    [() => guardOf(client, { timeout: 0 }), /timeout/],
    [() => guardOf(client, { scope: 'a b' }), /scope/],
    [() => guardOf(client, { capacity: 5 }), /capacity/],
    [() => new RedisReplayGuard(new Redis({ lazyConnect: true, keyPrefix: 'app:' })), /keyPrefix/],
    [() => new RedisReplayGuard(createClient({ keyPrefix: 'app:' })), /keyPrefix/],
    [() => new RedisReplayGuard(createClientPool({ keyPrefix: 'app:' })), /keyPrefix/],
    [() => new RedisReplayGuard(createCluster({ rootNodes: [], keyPrefix: 'app:' })), /keyPrefix/],
    [() => new RedisReplayGuard(new Cluster([], { lazyConnect: true, keyPrefix: 'app:' })), /keyPrefix/],
    [() => verifierOf(guardOf(client)).verify(sign(), { context: 'c' }), /shared/],
  ];
  for (const [run, detail] of calls) {
    assert.throws(run, (error) => error instanceof CountersealError && error.code === 'malformed_argument' && detail.test(error.message), `${run}`);
  }
  assert.ok(guardOf(client) instanceof SharedReplayGuard);
});

// A Redis that has been used for long: what is signed now is not before its beginning.
async function aged(context, ...settings) {
  const server = await startRedis(context, ...settings);
  if (settings.length === 0) {
    const client = new Redis(server.port);
    await codeOf(verifierOf(guardOf(client)), sign());
    await client.set('counterseal:1:epoch', '1');
    client.disconnect();
  }
  return server;
}

function codeOf(verifier, packet, now) {
  return verifier.verifyAsync(packet, { context: 'c', now }).then(() => 'ok', (error) => (error instanceof CountersealError || error instanceof wasm.CountersealError ? error.code : Promise.reject(error)));
}

async function all(verifier, packets) {
  return [...new Set(await Promise.all(packets.map((packet) => codeOf(verifier, packet))))];
}

async function until(done) {
  while (!(await done()));
}

function setting(client, name, value) {
  return client.configSet?.(name, value) ?? client.config('SET', name, value);
}

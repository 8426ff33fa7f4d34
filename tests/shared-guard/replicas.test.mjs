// Replicas in different languages share one guard in one Redis.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'redis';
import { startRedis } from '../../node/test/redis-server.mjs';
import { clock, kinds, packet, request, startAll } from './replicas.mjs';

const MAKERS = { packets: packet, requests: request };
const ROUNDS = 200;
const UNDER_LOAD = 50;

test('of two replicas that get the same message at once, one accepts it', async (context) => {
  const { replicas } = await running(context);
  for (const [what, make] of Object.entries(MAKERS)) {
    for (const [ours, theirs] of pairs(takers(replicas, make))) {
      await context.test(`${what}: ${ours.name}, ${theirs.name}`, async () => {
        await race(make, (round) => (round % 2 === 0 ? [ours, theirs] : [theirs, ours]));
      });
    }
  }
});

test('of all replicas that get the same message at once, one accepts it', async (context) => {
  const { replicas } = await running(context);
  for (const make of Object.values(MAKERS)) {
    const all = takers(replicas, make);
    await race(make, (round) => all.map((_, index) => all[(index + round) % all.length]));
  }
});

test('Redis killed under load: nothing is accepted until it answers again, and then all recover by themselves', async (context) => {
  const { server, replicas: patient } = await running(context);
  const before = requests(UNDER_LOAD);
  assert.deepEqual(new Set(await Promise.all(before.map((message) => patient[0].code(message)))), new Set(['ok']));
  const replicas = startAll(context, server, { timeout: 0.25 });
  const under = replicas.flatMap((replica) => requests(UNDER_LOAD).map((message) => ({ replica, message })));
  const answers = under.map(({ replica, message }) => replica.verify(message));
  await server.kill();
  for (const { code, status } of await Promise.all(answers)) {
    assert.ok(code === 'ok' || (code === 'store_unavailable' && status === 503), code);
  }
  const during = requests(UNDER_LOAD);
  for (const { code, status } of await Promise.all(replicas.flatMap((replica) => during.map((message) => replica.verify(message))))) {
    assert.deepEqual({ code, status }, { code: 'store_unavailable', status: 503 });
  }

  await server.start();
  for (const replica of [...replicas, ...patient]) {
    await until(async () => (await replica.code(request(clock() + 5))) === 'ok');
  }
  // It began anew and knows none of them: all were signed before it began.
  for (const message of [...before, ...under.map(({ message }) => message), ...during]) {
    for (const code of await all(patient, message)) {
      assert.ok(code === 'replay_guard_starting' || code === 'replayed', code);
    }
  }
});

test('Redis flushed: what was signed before is refused by all', async (context) => {
  const { redis, replicas } = await running(context);
  for (const replica of replicas) {
    const [seen, unseen] = requests(2);
    assert.equal(await replica.code(seen), 'ok', replica.name);
    await redis.flushAll();
    for (const message of [seen, unseen]) {
      assert.deepEqual(await all(replicas, message), replicas.map(() => 'replay_guard_starting'), replica.name);
    }
    await age(redis);
  }
});

test('a replica with another tolerance is refused, whoever came first', async (context) => {
  const { server, redis, replicas } = await running(context);
  const others = startAll(context, server, { maxAge: 30 });
  for (const replica of others) {
    assert.equal(await replica.code(request()), 'malformed_argument', replica.name);
  }
  await redis.del('counterseal:1:tolerance');
  assert.equal(await others[0].code(request()), 'replay_guard_starting');
  for (const replica of replicas) {
    assert.equal(await replica.code(request()), 'malformed_argument', replica.name);
  }
});

for (const apart of [4, 40]) {
  test(`clocks apart by ${apart} s: nothing is accepted twice`, async (context) => {
    const began = clock();
    const { redis, replicas } = await running(context);
    for (const make of Object.values(MAKERS)) {
      for (const ours of takers(replicas, make)) {
        for (const theirs of takers(replicas, make).filter((replica) => replica !== ours && !replica.isLayer)) {
          await apartBy(apart, make, ours, theirs);
        }
      }
    }
    // A clock that is behind takes a message for young when the others do no more: the nonce is kept until then.
    const names = (await redis.keys('counterseal:1:*')).filter((name) => /^counterseal:1:[\w-]{22}$/.test(name));
    assert.ok(names.length > 0);
    for (const name of names) {
      assert.ok((await redis.expireTime(name)) > began + 60 + apart, name);
    }
  });
}

test('each language is here, with each of its clients', () => {
  assert.deepEqual(kinds.map(({ client }) => client), ['threads', 'asyncio', 'ioredis', 'node-redis', 'redis']);
});

// A Redis whose guard began long ago, and a replica of each kind.
async function running(context) {
  const server = await startRedis(context);
  const redis = createClient({ url: server.url }).on('error', () => undefined);
  await redis.connect();
  context.after(() => redis.destroy());
  const replicas = startAll(context, server);
  // Each has its connection before anything is asked of it.
  await Promise.all(replicas.map((replica) => replica.verify(request())));
  await age(redis);
  return { server, redis, replicas };
}

async function age(redis) {
  await redis.set('counterseal:1:epoch', '1');
}

function requests(count) {
  return Array.from({ length: count }, () => request());
}

function takers(replicas, make) {
  return replicas.filter((replica) => make === request || !replica.isLayer);
}

// All rounds at once, so that claims overlap in whatever way they can; in each, whoever is named first gets the message first.
async function race(make, contestants) {
  const messages = Array.from({ length: ROUNDS }, () => make());
  const outcomes = await Promise.all(messages.map((message, round) => all(contestants(round), message)));
  for (const codes of outcomes) {
    assert.deepEqual(codes.sort(), ['ok', ...codes.slice(1).map(() => 'replayed')]);
  }
}

// The clock of `ours` is right. To a clock that is behind, others sign ahead of time: 5 s are allowed.
async function apartBy(apart, make, ours, theirs) {
  const [now, pair] = [clock(), `${ours.name}, ${theirs.name}`];
  const told = ours.isLayer ? undefined : now;
  const [first, second, third] = [make(now), make(now), make(now)];
  assert.deepEqual([await ours.code(first, told), await theirs.code(first, now + apart)], ['ok', 'replayed'], pair);
  assert.deepEqual([await theirs.code(second, now + apart), await ours.code(second, told)], ['ok', 'replayed'], pair);
  const isEarly = apart > 5;
  assert.deepEqual([await theirs.code(third, now - apart), await ours.code(third, told)], isEarly ? ['not_yet_valid', 'ok'] : ['ok', 'replayed'], pair);
  assert.equal(await theirs.code(third, now - apart), isEarly ? 'not_yet_valid' : 'replayed', pair);
  assert.equal(await theirs.code(third, now + 61), 'expired', pair);
}

function all(replicas, message) {
  return Promise.all(replicas.map((replica) => replica.code(message)));
}

function pairs(replicas) {
  return replicas.flatMap((ours, index) => replicas.slice(index + 1).map((theirs) => [ours, theirs]));
}

async function until(done) {
  while (!(await done()));
}

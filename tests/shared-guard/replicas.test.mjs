// Replicas in different languages share one guard in one Redis.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'redis';
import { startRedis } from '../../node/test/redis-server.mjs';
import { clock, kinds, packet, request, startAll } from './replicas.mjs';

const MESSAGES = { packets: packet, requests: request };
const ROUNDS = 200;
const UNDER_LOAD = 50;

test('of two replicas that get the same message at once, one accepts it', async (context) => {
  const { replicas } = await running(context);
  for (const [ours, theirs] of pairs(replicas)) {
    for (const [what, make] of Object.entries(MESSAGES)) {
      await context.test(`${what}: ${ours.name}, ${theirs.name}`, async () => {
        await race(Array.from({ length: ROUNDS }, () => make()), (round) => (round % 2 === 0 ? [ours, theirs] : [theirs, ours]));
      });
    }
  }
});

test('of all replicas that get the same message at once, one accepts it', async (context) => {
  const { replicas } = await running(context);
  for (const make of Object.values(MESSAGES)) {
    await race(Array.from({ length: ROUNDS }, () => make()), (round) => replicas.map((_, index) => replicas[(index + round) % replicas.length]));
  }
});

test('Redis killed under load: nothing is accepted until it answers again, and then all recover by themselves', async (context) => {
  const { server, replicas: patient } = await running(context);
  const before = messages(20);
  for (const message of before) {
    assert.deepEqual(await all([patient[0]], message), ['ok']);
  }
  const replicas = startAll(context, server, { timeout: 0.25 });
  const under = replicas.flatMap((replica) => messages(UNDER_LOAD).map((message) => ({ replica, message })));
  const answers = under.map(({ replica, message }) => replica.verify(message));
  await server.kill();
  for (const { code, status } of await Promise.all(answers)) {
    assert.ok(code === 'ok' || (code === 'store_unavailable' && status === 503), code);
  }
  const during = messages(UNDER_LOAD);
  for (const { code, status } of await Promise.all(replicas.flatMap((replica) => during.map((message) => replica.verify(message))))) {
    assert.deepEqual({ code, status }, { code: 'store_unavailable', status: 503 });
  }

  await server.start();
  for (const replica of [...replicas, ...patient]) {
    await until(async () => (await replica.code(packet(clock() + 5))) === 'ok');
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
  for (const make of Object.values(MESSAGES)) {
    const [seen, unseen] = [make(), make()];
    assert.equal(await replicas[0].code(seen), 'ok');
    await redis.flushAll();
    assert.deepEqual(await all(replicas, seen), replicas.map(() => 'replay_guard_starting'));
    assert.deepEqual(await all(replicas, unseen), replicas.map(() => 'replay_guard_starting'));
    await age(redis);
  }
});

test('a replica with another tolerance is refused, whoever came first', async (context) => {
  const { server, redis, replicas } = await running(context);
  const others = startAll(context, server, { maxAge: 30 });
  for (const replica of others) {
    assert.equal(await replica.code(packet()), 'malformed_argument', replica.name);
  }
  await redis.del('counterseal:1:tolerance');
  assert.equal(await others[0].code(packet()), 'replay_guard_starting');
  for (const replica of replicas) {
    assert.equal(await replica.code(packet()), 'malformed_argument', replica.name);
  }
});

for (const apart of [4, 40]) {
  test(`clocks apart by ${apart} s: nothing is accepted twice`, async (context) => {
    const { redis, replicas } = await running(context);
    const now = clock();
    for (const ours of replicas) {
      for (const theirs of replicas.filter((replica) => replica !== ours)) {
        for (const make of Object.values(MESSAGES)) {
          const pair = `${ours.name}, ${theirs.name}`;
          const first = make(now);
          assert.deepEqual([await ours.code(first, now), await theirs.code(first, now + apart)], ['ok', 'replayed'], pair);
          const second = make(now);
          assert.deepEqual([await theirs.code(second, now + apart), await ours.code(second, now)], ['ok', 'replayed'], pair);
          // To the one whose clock is behind, the other signs ahead of time; 5 s are allowed.
          const third = make(now);
          const early = apart > 5 ? 'not_yet_valid' : 'ok';
          assert.deepEqual([await theirs.code(third, now - apart), await ours.code(third, now)], [early, early === 'ok' ? 'replayed' : 'ok'], pair);
          assert.equal(await theirs.code(third, now - apart), early === 'ok' ? 'replayed' : early, pair);
          assert.equal(await theirs.code(third, now + 61), 'expired', pair);
        }
      }
    }
    // A clock that is behind takes a message for young when the others do no more: the nonce is kept until then.
    const names = (await redis.keys('counterseal:1:*')).filter((name) => /^counterseal:1:[\w-]{22}$/.test(name));
    assert.ok(names.length > 0);
    for (const name of names) {
      assert.ok((await redis.expireTime(name)) > now + 60 + apart, name);
    }
  });
}

test('each language is here, with each of its clients', () => {
  assert.deepEqual(kinds.map(({ client }) => client), ['threads', 'asyncio', 'ioredis', 'node-redis']);
});

// A Redis whose guard began long ago, and a replica of each kind.
async function running(context) {
  const server = await startRedis(context);
  const redis = createClient({ url: server.url }).on('error', () => undefined);
  await redis.connect();
  context.after(() => redis.destroy());
  const replicas = startAll(context, server);
  await Promise.all(replicas.map((replica) => replica.verify(packet())));
  await age(redis);
  return { server, redis, replicas };
}

async function age(redis) {
  await redis.set('counterseal:1:epoch', '1');
}

function messages(count) {
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? packet() : request()));
}

// All rounds at once, so that claims overlap in whatever way they can; in each, whoever is named first gets the message first.
async function race(rounds, contestants) {
  const outcomes = await Promise.all(rounds.map((message, round) => all(contestants(round), message)));
  for (const codes of outcomes) {
    assert.deepEqual(codes.sort(), ['ok', ...codes.slice(1).map(() => 'replayed')]);
  }
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

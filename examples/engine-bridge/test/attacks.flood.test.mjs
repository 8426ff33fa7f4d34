// Malformed messages by the thousand: each is refused and recorded, and none leaves anything behind.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { frame } from './frames.mjs';
import { Raw } from './raw.mjs';
import { assertTold, Scene, UNAUTHORIZED } from './scene.mjs';

const STRANGERS = 1000;
const ENGINES = 200;
const LARGE = 200;
const AT_ONCE = 50;

test('noise of strangers', async (t) => {
  const scene = await Scene.open(t);
  const random = numbers(1);
  await inBatches(STRANGERS, AT_ONCE, async () => {
    const stranger = await Raw.opened(t, scene.hub.port);
    stranger.say(`4${noise(random)}`);
    await stranger.ended();
    assertTold(stranger.told(), []);
  });
  assert.equal(await refusals(scene, 'AUTH_FAILED', STRANGERS), STRANGERS);
  await scene.unharmed();
});

test('packets of engines, each changed at one place', async (t) => {
  const scene = await Scene.open(t);
  const random = numbers(2);
  await inBatches(ENGINES, AT_ONCE, async (number) => {
    const engine = await Raw.welcomed(t, { identity: await scene.identity(`rogue-${number}`), port: scene.hub.port });
    engine.say(`42/engine,${changed(`["engine_status",${engine.sign('engine_status', { status: 'FORGED' })}]`, random)}`);
    await engine.ended();
    // Where it still is a message, it is refused; where it is none, the transport ends.
    assertTold(engine.told(), engine.told().length > 0 ? [['refused', UNAUTHORIZED]] : []);
  });
  assert.equal(await refusals(scene, 'PACKET_REJECTED', ENGINES), ENGINES);
  await scene.unharmed();
});

test('messages of a megabyte: the hub does not grow by what it has refused', async (t) => {
  const scene = await Scene.open(t);
  const bytes = frame(`47${'x'.repeat(1 << 20)}`, { masked: true });
  const attack = async () => {
    const stranger = await Raw.opened(t, scene.hub.port);
    stranger.write(bytes);
    await stranger.ended();
  };
  // What one batch needs at once is no growth.
  await inBatches(AT_ONCE, AT_ONCE, attack);
  const before = await residentMegabytes(scene.hub.pid);
  await inBatches(LARGE, AT_ONCE, attack);
  const grown = (await residentMegabytes(scene.hub.pid)) - before;
  t.diagnostic(`${LARGE} MiB refused; ${before} MiB before, ${grown} MiB more after`);
  assert.ok(grown < LARGE / 3, `it grew by ${grown} MiB`);
  assert.equal(await refusals(scene, 'AUTH_FAILED', AT_ONCE + LARGE), AT_ONCE + LARGE);
  await scene.unharmed();
});

async function inBatches(total, size, act) {
  for (let from = 0; from < total; from += size) {
    await Promise.all(Array.from({ length: Math.min(size, total - from) }, (_, at) => act(from + at)));
  }
}

/** How many records of that event there are, once there are so many at least. Each must be a refusal. */
async function refusals(scene, event, least) {
  let records = [];
  await scene.hub.trail.seen(`${least} records ${event}`, (record) => {
    if (record.seq === 1) records = [];
    if (record.event === event) records.push(record);
    return records.length >= least;
  });
  const all = (await scene.hub.trail.records()).filter((record) => record.event === event);
  assert.ok(all.every(({ success, metadata }) => !success && typeof metadata.code === 'string'));
  return all.length;
}

async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) / 1024);
}

/** Text that is no message of Socket.IO: its first character is none of its types, or what follows is none of its forms. */
function noise(random) {
  const length = Math.floor(random() * 200);
  const text = Array.from({ length }, () => String.fromCodePoint(32 + Math.floor(random() * 95))).join('');
  return `${'789abcxyz{["'[Math.floor(random() * 12)]}${text}`;
}

/** The text with one of its characters replaced by another. */
function changed(text, random) {
  const at = Math.floor(random() * text.length);
  const other = String.fromCharCode(33 + Math.floor(random() * 94));
  return text.slice(0, at) + (other === text[at] ? '~' : other) + text.slice(at + 1);
}

/** Numbers from 0 to 1, the same in each run (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

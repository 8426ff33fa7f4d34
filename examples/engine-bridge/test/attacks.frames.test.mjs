// What is no message at all, or none that anybody would send: frames by hand, before a handshake and after one.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { BINARY, frame, TEXT } from './frames.mjs';
import { Raw, upgrade } from './raw.mjs';
import { PROVED, Scene, TOO_LARGE } from './scene.mjs';

const MALFORMED = { code: 'malformed_packet' };
/** What the transport itself refuses is not told: who sent it can no longer be spoken to. */
const CUT = { ...MALFORMED, told: [] };
const STRANGER = { ...CUT, event: 'AUTH_FAILED', user: null };
const LIMIT = (1 << 20) + (64 << 10);

test('arguments that are no packet', async (t) => {
  const odd = ['', ',{},{}', ',null', ',7', ',"text"', ',[]', ',{}', ',true', ',[{}]'];
  await foiledEach(t, [
    ...odd.map((text) => [() => event(text), MALFORMED]),
    [(packet) => event(`,${packet},${packet}`), MALFORMED],
    [(packet) => event(`,${JSON.stringify(packet)}`), MALFORMED],
    [(packet) => event(`,[${packet}]`), MALFORMED],
  ]);
});

test('packets that a lenient reader would take', async (t) => {
  const changes = [
    [/^\{/, '{"v":1,', 'malformed_packet'],
    [/"v":1/, '"v":1.0', 'malformed_packet'],
    [/"v":1/, '"v":true', 'malformed_packet'],
    [/"v":1/, '"v":2', 'unsupported_version'],
    [/"ts":(\d+)/, '"ts":$1.0', 'malformed_packet'],
    [/"ts":(\d+)/, '"ts":$1e0', 'malformed_packet'],
    [/"ts":(\d+)/, '"ts":"$1"', 'malformed_packet'],
    [/"ts":/, '"ts":-', 'malformed_packet'],
    [/"ts":\d+/, `"ts":${'9'.repeat(400)}`, 'malformed_packet'],
    [/"nonce"/, '"Nonce"', 'malformed_packet'],
    [/"payload"/, '"payload":{},"payload"', 'malformed_packet'],
    [/"payload"/, '"data":"","payload"', 'malformed_packet'],
    [/"payload"/, '"__proto__":{},"payload"', 'malformed_packet'],
    [/"status"/, '"status":"IDLE","status"', 'malformed_payload'],
    [/"status"/, '"st\\u0061tus":"IDLE","status"', 'malformed_payload'],
    [/"status"/, '"n":1e400,"status"', 'malformed_payload'],
    [/"status"/, '"n":9007199254740993,"status"', 'malformed_payload'],
    [/"status"/, '"n":"\\ud800","status"', 'malformed_payload'],
    [/"status"/, `"n":${'['.repeat(65)}${']'.repeat(65)},"status"`, 'malformed_payload'],
    [/"status"/, '"n":-0,"status"', 'bad_signature'],
  ];
  await foiledEach(t, changes.map(([what, by, code]) => [(packet) => event(`,${packet.replace(what, by)}`), { code }]));
});

test('nested bombs and numbers without end', async (t) => {
  const bombs = [
    [`${'['.repeat(400_000)}${']'.repeat(400_000)}`, 'malformed_payload'],
    [`${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`, 'malformed_payload'],
    ['9'.repeat(900_000), 'malformed_payload'],
    [`1e${'9'.repeat(900_000)}`, 'malformed_payload'],
    [`[${'0,'.repeat(500_000)}0]`, 'bad_signature'],
  ];
  await foiledEach(t, bombs.flatMap(([bomb, code]) => [
    [() => event(`,${bomb}`), MALFORMED],
    [(packet) => event(`,${packet.replace('"IDLE"', bomb)}`), { code }],
    [() => `42/engine,["engine_status",${bomb}`, CUT],
  ]));
});

test('event names outside their grammar', async (t) => {
  const names = ['', ' ', 'a b', 'é', 'a@b', 'a>b', 'x'.repeat(65), 'x'.repeat(500_000), '\u202eengine'];
  const cut = ['7', 'null', '[]', '{}', 'true', '"engine_status\\n"', '"engine\\u005fstatus"', '"\0"'];
  const scene = await foiledEach(t, [
    ...names.map((name) => [(packet) => `42/engine,["${name}",${packet}]`, MALFORMED]),
    // Socket.IO's own reader takes a name that is plain text alone.
    ...cut.map((name) => [(packet) => `42/engine,[${name},${packet}]`, CUT]),
  ]);
  const lines = (await readFile(scene.hub.trail.file, 'utf8')).split('\n');
  assert.ok(lines.every((line) => line.length < 2000), 'a long name does not make a long line');
});

test('messages that Socket.IO and Engine.IO do not have, after a handshake and before', async (t) => {
  const texts = ['', '4', '47', '49/engine,', '42/engine,', '42/engine,[', '42/engine,{}', '42/engine,"x"', '42/engine,[]', '44/engine,{}', '43/engine,[]', '43/engine,', '45/engine,["x"]', '45-/engine,["x"]', '4599999999999999999999-/engine,["x"]', '451-/engine,["x",{"_placeholder":true,"num":0}]', '461-/engine,0[]', '0{}', '5', '6', '7', 'hello', 'é', '4é', '\0', 'b!!!', 'bAAAA', '2probe', '3probe'];
  await foiledEach(t, texts.map((text) => [() => text, CUT]));
  await strangersFoiled(t, texts.map((text) => frame(text, { masked: true })));
});

test('frames that WebSocket does not have, after a handshake and before', async (t) => {
  const masked = { masked: true };
  const claims = (length) => Buffer.concat([Buffer.from([0x80 | TEXT, 0xff]), length, Buffer.alloc(4)]);
  const frames = [
    frame('2'),
    frame('2', { ...masked, first: 0xc0 | TEXT }),
    frame('2', { ...masked, first: 0x83 }),
    frame('2', { ...masked, first: 0x80 }),
    frame('2', { ...masked, first: 0x09 }),
    frame('x'.repeat(126), { ...masked, first: 0x89 }),
    frame('x', { ...masked, first: 0x88 }),
    frame(Buffer.from([0xc3, 0x28]), masked),
    frame(Buffer.from([0xff]), { ...masked, first: 0x80 | BINARY }),
    claims(Buffer.from('ffffffffffffffff', 'hex')),
    claims(Buffer.from('7fffffffffffffff', 'hex')),
  ];
  await foiledEach(t, frames.map((bytes) => [() => bytes, CUT]));
  await strangersFoiled(t, frames);
});

test('more than the transport takes: in one frame, in many, and as attachments', async (t) => {
  const masked = { masked: true };
  const large = 'x'.repeat(LIMIT);
  const parts = Array.from({ length: 12 }, () => frame(large.slice(0, 100_000), { ...masked, first: 0 }));
  const attachment = frame('x', { ...masked, first: 0x80 | BINARY });
  const ways = [
    frame(`4${large}`, masked),
    Buffer.concat([frame('4', { ...masked, first: TEXT }), ...parts]),
    Buffer.concat([frame('452-/engine,["x"]', masked), attachment]),
    attachment,
  ];
  await foiledEach(t, [
    ...ways.map((bytes) => [() => bytes, CUT]),
    // What the transport takes still, and the session does not.
    [(packet) => event(`,${packet.replace('"IDLE"', `"${'x'.repeat((1 << 20) + 1)}"`)}`), { code: 'payload_too_large', told: [['refused', TOO_LARGE]] }],
  ]);
  await strangersFoiled(t, ways);
});

test('acknowledgements: none is given where one is asked for, and none is heard', async (t) => {
  const scene = await Scene.open(t);
  const engine = await welcomed(scene);
  const status = () => engine.sign('engine_status', { status: 'IDLE', receipt: true });
  engine.say('43/engine,0["welcome"]');
  for (const ack of ['0', '7', '9'.repeat(30)]) engine.say(`42/engine,${ack}["engine_status",${status()}]`);
  await engine.hears('received', 3);
  assert.deepEqual(engine.told(), []);
  await scene.unharmed([...PROVED, 'ENGINE_STATUS', 'ENGINE_STATUS']);
});

test('a second handshake on one connection, with another’s token, changes nothing', async (t) => {
  const scene = await Scene.open(t);
  const engine = await welcomed(scene);
  engine.say(`40/engine,${JSON.stringify({ nonce: 'AAECAwQFBgcICQoLDA0ODw', token: scene.honest.identity.token })}`);
  engine.say(event(`,${engine.sign('engine_status', { status: 'IDLE', receipt: true })}`));
  await engine.hears('received');
  assert.equal(engine.heard.all.filter(([event]) => event === 'welcome').length, 1);
  await scene.unharmed(PROVED);
});

test('an engine’s connection that asks for the dashboard too', async (t) => {
  const scene = await Scene.open(t);
  const engine = await welcomed(scene);
  engine.say(`40/dashboard,${JSON.stringify({ nonce: 'AAECAwQFBgcICQoLDA0ODw', token: scene.honest.identity.token })}`);
  await scene.foiled(engine, { code: 'malformed_token', event: 'AUTH_FAILED', user: null });
});

test('half a WebSocket handshake', async (t) => {
  const scene = await Scene.open(t);
  const requests = [
    upgrade('/socket.io/', { 'Sec-WebSocket-Key': 'short' }),
    upgrade('/socket.io/', { Upgrade: 'h2c' }),
    upgrade('/socket.io/', { 'Sec-WebSocket-Version': '8' }),
    upgrade().replace('EIO=4', 'EIO=3'),
    upgrade().replace('EIO=4', 'EIO=99'),
    upgrade().replace('websocket HTTP', 'polling HTTP'),
    upgrade().replace('websocket HTTP', 'webtransport HTTP'),
    upgrade().replace('websocket HTTP', 'websocket&sid=AAAAAAAAAAAAAAAA HTTP'),
    'GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n40',
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'nothing that is HTTP\r\n\r\n',
    Buffer.alloc(10_000),
  ];
  for (const request of requests) new Raw(t, scene.hub.port).write(request);
  await scene.unharmed();
});

/** Attacks at once, each on a genuine connection of its own: what is sent, made of a genuine packet's text, and what is expected. */
async function foiledEach(t, attacks) {
  const scene = await Scene.open(t);
  await scene.foiledAll(await Promise.all(attacks.map(async ([make, expected], at) => {
    const identity = await scene.identity(`rogue-${at}`);
    const engine = await Raw.welcomed(t, { identity, port: scene.hub.port });
    const made = make(engine.sign('engine_status', { status: 'IDLE' }));
    engine.write(typeof made === 'string' ? frame(made, { masked: true }) : made);
    return [engine, { user: identity.name, ...expected }];
  })));
  return scene;
}

/** The same of who has shown no handshake. */
async function strangersFoiled(t, attacks) {
  const scene = await Scene.open(t);
  await scene.foiledAll(await Promise.all(attacks.map(async (bytes) => {
    const stranger = await Raw.opened(t, scene.hub.port);
    stranger.write(bytes);
    return [stranger, STRANGER];
  })));
}

async function welcomed(scene) {
  return Raw.welcomed(scene.t, { identity: await scene.identity(), port: scene.hub.port });
}

/** An event's text, with these arguments, each after a comma. */
function event(text) {
  return `42/engine,["engine_status"${text}]`;
}

// What is no message at all, or none that anybody would send: frames by hand, before a handshake and after one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BINARY, frame, TEXT } from './frames.mjs';
import { Raw, upgrade } from './raw.mjs';
import { PROVED, Scene, TOO_LARGE } from './scene.mjs';
import { CUT, event, foiledEach, strangersFoiled, welcomed } from './volley.mjs';

/** The hub's limit of a message, in bytes. */
const LIMIT = (1 << 20) + (64 << 10);

test('messages that Socket.IO and Engine.IO do not have, after a handshake and before', async (t) => {
  const engineIo = ['', '0{}', '5', '6', '7', 'hello', 'é', '\0', 'b!!!', 'bAAAA', '2probe', '3probe'];
  const socketIo = ['', '7', '9/engine,', 'é', '2/engine,', '2/engine,[', '2/engine,{}', '2/engine,"x"', '2/engine,[]', '4/engine,{}', '3/engine,[]', '3/engine,'];
  const binary = ['5/engine,["x"]', '5-/engine,["x"]', '599999999999999999999-/engine,["x"]', '51-/engine,["x",{"_placeholder":true,"num":0}]', '61-/engine,0[]'];
  const texts = [...engineIo, ...[...socketIo, ...binary].map((text) => `4${text}`)];
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

// Who says nothing: silent engines and strangers are not waited for, by the windows of the hub's setup.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { frame, TEXT } from './frames.mjs';
import { Raw, upgrade } from './raw.mjs';
import { PROVED, Scene } from './scene.mjs';

const MISSED = { code: 'heartbeat_missed', event: 'ENGINE_DISCONNECTED' };
const STRANGER = { code: 'heartbeat_missed', event: 'AUTH_FAILED', user: null, told: [] };

/** A second for the handshake: the least that there is. */
const WINDOW = { session: { handshake_window: 1 } };

// Each mostly waits.
describe('silence', { concurrency: true }, () => {
  test('engines that fall silent: at once, after one status, and with statuses but no heartbeat', async (t) => {
    const scene = await Scene.open(t, { session: { heartbeat_window: 2, heartbeat_every: 1 } });
    const connected = async (name) => scene.attacker({}, await scene.identity(name));
    const [never, once, busy] = [await connected('engine-13'), await connected('engine-14'), await connected('engine-15')];
    await Promise.all([never.welcomed(), once.proved(), busy.proved()]);
    const accepted = [...PROVED];
    busy.on('heartbeat', () => {
      accepted.push('ENGINE_STATUS');
      busy.send('engine_status', busy.sign('engine_status', { status: 'BUSY' }));
    });
    await scene.foiledAll([
      [never, MISSED],
      [once, { ...MISSED, user: 'engine-14', accepted: PROVED }],
      [busy, { ...MISSED, user: 'engine-15', accepted }],
    ]);
    assert.ok(accepted.length > PROVED.length, 'what is no heartbeat does not count as one');
  });

  test('a slow handshake: a WebSocket on which nothing is said, by any name of the path', async (t) => {
    const scene = await Scene.open(t, WINDOW);
    const strangers = await Promise.all(['/socket.io/', '/socket.io', '/socket.io//', '/socket.io/x'].map((path) => Raw.opened(t, scene.hub.port, path)));
    await scene.foiledAll(strangers.map((stranger) => [stranger, STRANGER]));
  });

  test('a slow handshake: pings, another namespace, a half message, and never a handshake', async (t) => {
    const scene = await Scene.open(t, WINDOW);
    const masked = { masked: true };
    const half = frame('40/engine,{"nonce":"AAECAwQFBgcICQoLDA0ODw","token":"', masked).subarray(0, -9);
    const said = [frame('2', masked), frame('3', masked), frame('40/engine', { ...masked, first: TEXT }), half];
    const strangers = await Promise.all(said.map(() => Raw.opened(t, scene.hub.port)));
    strangers.forEach((stranger, at) => stranger.write(said[at]));
    await scene.foiledAll(strangers.map((stranger) => [stranger, STRANGER]));
    // Engine.IO's own words for it: there is nothing to learn from them.
    const lost = await Raw.opened(t, scene.hub.port);
    lost.say('40/nowhere,{}');
    await scene.foiled(lost, { ...STRANGER, told: [['text', '44/nowhere,{"message":"Invalid namespace"}']] });
  });

  test('a slow handshake: half an HTTP request, or none', async (t) => {
    const scene = await Scene.open(t, WINDOW);
    const post = 'POST /ticket HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{';
    const strangers = [undefined, upgrade().slice(0, 40), upgrade().slice(0, -2), post].map((bytes) => {
      const raw = new Raw(t, scene.hub.port);
      if (bytes !== undefined) raw.write(bytes);
      return raw;
    });
    for (const stranger of strangers) await stranger.ended();
    await scene.unharmed();
  });
});

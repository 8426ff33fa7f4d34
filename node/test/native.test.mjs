import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from 'counterseal';
import * as wasm from '@counterseal/wasm';
import { ends, NOW } from '../../wasm/test/suite/common.mjs';
import { suite } from '../../wasm/test/suite/index.mjs';
import { memory } from '../../wasm/test/suite/memory.mjs';

test('the native addon runs', () => {
  assert.deepEqual(api.about(), { engine: 'native', version: '0.1.0', addon: 'counterseal.node' });
});

test('two engines in one process stay apart', () => {
  assert.equal(wasm.about().engine, 'wasm');
  // What needs files is Node's alone.
  assert.deepEqual(Object.keys(api).sort(), [...Object.keys(wasm), 'AuditLog', 'auditLogFiles', 'verifyAuditLog'].sort());
  const key = new wasm.Key('k', { secret: wasm.Secret.generate() });
  assert.throws(() => new api.PacketSigner(key), (error) => error instanceof api.CountersealError && error.code === 'malformed_argument');
  assert.throws(() => new api.Key('k', { secret: wasm.Secret.generate() }), { code: 'malformed_key' });
});

test('a native server and a wasm client hold one session, and the other way round', () => {
  const now = { now: NOW };
  for (const [theirs, ours] of [[api, wasm], [wasm, api]]) {
    const { server, keys, rings, tokens, token } = ends(theirs);
    const { client } = ends(ours);
    server.accept(JSON.stringify(client.handshake(token())), { tokens, now: NOW });
    client.establish(JSON.stringify(server.welcome({ key: keys.hub, keyring: rings.engine, now: NOW })), now);
    assert.equal(client.id, server.id);
    assert.deepEqual(server.verify('engine_status', client.sign('engine_status', { job: 42 }, now), now).payload, { job: 42 });
    assert.deepEqual(client.verify('job', server.signBytes('job', Uint8Array.of(1), now), now).data, Uint8Array.of(1));
    server.verify('heartbeat', client.heartbeat(now), now);
    client.verify('heartbeat', server.heartbeat(now), now);
    assert.throws(() => server.accept('{}', { tokens: ends(ours).tokens }), { code: 'malformed_argument' });
  }
});

suite(api, new URL('../dist/facade/errors.d.ts', import.meta.url));
memory(api, () => process.memoryUsage().rss);

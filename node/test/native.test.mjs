import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from 'counterseal';
import * as wasm from '@counterseal/wasm';
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

suite(api, new URL('../dist/facade/errors.d.ts', import.meta.url));
memory(api, () => process.memoryUsage().rss);

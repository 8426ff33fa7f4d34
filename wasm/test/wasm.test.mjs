import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite } from './suite/index.mjs';
import { memory } from './suite/memory.mjs';

// How much memory the module holds it says to nobody: its instance is caught as it is made.
const { Instance } = WebAssembly;
let linear;
WebAssembly.Instance = function (...given) {
  const instance = new Instance(...given);
  linear = instance.exports.memory;
  return instance;
};
const api = await import('@counterseal/wasm');
WebAssembly.Instance = Instance;

test('the wasm engine runs', () => {
  assert.deepEqual(api.about(), { engine: 'wasm', version: '0.1.0' });
});

suite(api, new URL('../dist/facade/errors.d.ts', import.meta.url));
memory(api, () => linear.buffer.byteLength);

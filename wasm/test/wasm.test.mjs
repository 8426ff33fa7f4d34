import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from '@counterseal/wasm';
import * as glue from '../pkg/counterseal_wasm.js';
import { suite } from './suite/index.mjs';
import { memory } from './suite/memory.mjs';

test('the wasm engine runs', () => {
  assert.deepEqual(api.about(), { engine: 'wasm', version: '0.1.0' });
});

suite(api, new URL('../dist/facade/errors.d.ts', import.meta.url));
// Already initialised: hands over the exports of the module that runs.
const { memory: linear } = glue.initSync();
memory(api, () => linear.buffer.byteLength);

import { createRequire } from 'node:module';
import { wasmEngine } from '@counterseal/wasm/engine';
import { setEngine, type RawEngine } from './facade/engine.js';
import { nativeEngine, type Addon } from './native.js';

const ADDON = 'counterseal.node';

// A platform without a prebuilt addon runs on wasm, slower and otherwise alike; about() tells which it is.
function load(): void {
  const require = createRequire(import.meta.url);
  let native: RawEngine;
  try {
    native = nativeEngine(require(`../${ADDON}`) as Addon);
  } catch {
    setEngine(wasmEngine());
    return;
  }
  setEngine(native, ADDON);
}

load();

export * from './facade/index.js';

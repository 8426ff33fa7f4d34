import { readFileSync } from 'node:fs';
import * as glue from '../pkg/counterseal.js';
import type { RawEngine } from './facade/engine.js';

/** The wasm engine, read from this package's own file and ready at once. */
export function wasmEngine(): RawEngine {
  glue.initSync({ module: readFileSync(new URL('../pkg/counterseal_bg.wasm', import.meta.url)) });
  return glue;
}

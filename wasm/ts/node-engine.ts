import { readFileSync } from 'node:fs';
import * as glue from '../pkg/counterseal_wasm.js';

/** The wasm engine, read from this package's own file and ready at once. */
export function wasmEngine(): typeof glue {
  glue.initSync({ module: readFileSync(new URL('../pkg/counterseal_wasm_bg.wasm', import.meta.url)) });
  return glue;
}

import { readFileSync } from 'node:fs';
import { start } from './engine/engine.js';
import { moduleUrl } from './engine/load.js';

/** The wasm engine, read from this package's own file and ready at once. */
export function wasmEngine(): ReturnType<typeof start> {
  return start(() => new WebAssembly.Module(readFileSync(moduleUrl())));
}

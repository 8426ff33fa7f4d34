import { setEngine } from '../facade/engine.js';
import { start } from './engine.js';
import { hasSimd } from './module.js';
import { compiled, type WasmSource } from './source.js';

export type { WasmSource };

/** Starts the engine on a module. */
export async function load(source: WasmSource): Promise<void> {
  const module = await compiled(source);
  setEngine(start(() => module));
}

/** Where the module that fits this runtime lies, as seen from dist/. */
export function moduleUrl(): URL {
  return hasSimd() ? new URL('../pkg/counterseal.simd.wasm', import.meta.url) : new URL('../pkg/counterseal.wasm', import.meta.url);
}

import { load, moduleUrl, type WasmSource } from './engine/load.js';

export type { WasmSource };

/**
 * Loads the engine; nothing else of this package works before it has. Without a source it fetches the package's own
 * `counterseal.simd.wasm`, or `counterseal.wasm` where the runtime has no vectors.
 */
export async function init(source?: WasmSource): Promise<void> {
  await load(source ?? moduleUrl());
}

export * from './facade/index.js';

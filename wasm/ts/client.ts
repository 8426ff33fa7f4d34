import { load } from './engine/client.js';
import type { WasmSource } from './engine/source.js';

export type { WasmSource };

/** Loads the engine; nothing else of this entry works before it has. Without a source it fetches the package's own `counterseal.client.wasm`. */
export async function init(source?: WasmSource): Promise<void> {
  await load(source ?? new URL('../pkg/counterseal.client.wasm', import.meta.url));
}

export * from './facade/client.js';

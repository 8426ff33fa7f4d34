import * as glue from '../pkg/counterseal_wasm.js';
import { setEngine } from './facade/engine.js';

/** Where the module may come from: its bytes, a compiled module, or what fetches it. */
export type WasmSource = BufferSource | WebAssembly.Module | Response | Promise<Response> | URL | string;

/**
 * Loads the engine; nothing else of this package works before it has. Without a source it fetches the package's own
 * `counterseal_wasm_bg.wasm`.
 */
export async function init(source?: WasmSource): Promise<void> {
  const module_or_path = source ?? new URL('../pkg/counterseal_wasm_bg.wasm', import.meta.url);
  await glue.default({ module_or_path });
  setEngine(glue);
}

export * from './facade/index.js';

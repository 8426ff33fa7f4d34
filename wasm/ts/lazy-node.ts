import { readFile } from 'node:fs/promises';
import { init as initFrom, type WasmSource } from './lazy.js';

/** Loads the engine, by default from this package's own file; nothing else of this package works before it has. */
export async function init(source?: WasmSource): Promise<void> {
  await initFrom(source ?? (await readFile(new URL('../pkg/counterseal_wasm_bg.wasm', import.meta.url))));
}

export * from './facade/index.js';

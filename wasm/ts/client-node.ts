import { readFile } from 'node:fs/promises';
import { load } from './engine/client.js';
import type { WasmSource } from './engine/source.js';

/** Loads the engine, by default from this package's own file; nothing else of this entry works before it has. */
export async function init(source?: WasmSource): Promise<void> {
  await load(source ?? (await readFile(new URL('../pkg/counterseal.client.wasm', import.meta.url))));
}

export * from './facade/client.js';

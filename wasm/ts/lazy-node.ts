import { readFile } from 'node:fs/promises';
import { load, moduleUrl, type WasmSource } from './engine/load.js';

/** Loads the engine, by default from this package's own file; nothing else of this package works before it has. */
export async function init(source?: WasmSource): Promise<void> {
  await load(source ?? (await readFile(moduleUrl())));
}

export * from './facade/index.js';

// Writes the wasm module into a script, for runtimes that cannot read the file beside it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const wasm = readFileSync(new URL('../pkg/counterseal_wasm_bg.wasm', import.meta.url));
mkdirSync(new URL('../dist/', import.meta.url), { recursive: true });
writeFileSync(new URL('../dist/wasm-base64.js', import.meta.url), `export const wasm = '${wasm.toString('base64')}';\n`);

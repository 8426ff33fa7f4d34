// Writes the wasm module into a source file, for runtimes that cannot read one beside it.
import { readFileSync, writeFileSync } from 'node:fs';

const wasm = readFileSync(new URL('../pkg/counterseal_bg.wasm', import.meta.url));
const source = `/** The wasm module in base64. Generated from pkg/. */\nexport const wasm: string = '${wasm.toString('base64')}';\n`;
writeFileSync(new URL('../ts/wasm-base64.ts', import.meta.url), source);

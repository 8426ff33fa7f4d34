// Joins and shrinks what the compiler wrote: an entry, what all entries share, and the modules as text for runtimes that cannot read
// a file. dist/facade/ stays as it is, for node/ and for the declarations.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = new URL('../dist/', import.meta.url);
const source = (name) => fileURLToPath(new URL(`../ts/${name}.ts`, import.meta.url));
const options = {
  bundle: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  target: 'es2022',
  outdir: fileURLToPath(dist),
  external: ['node:*', '*/wasm-base64.js', '*/wasm-base64-simd.js'],
  logLevel: 'warning',
};

// One copy of the façade for all entries: two would not know each other's keys.
await build({ ...options, entryPoints: ['node', 'inline', 'lazy', 'lazy-node'].map(source), splitting: true, chunkNames: 'shared' });
// The engine alone, for node/, which has a façade of its own.
await build({ ...options, entryPoints: [source('node-engine')] });
for (const name of readdirSync(new URL('engine/', dist)).filter((name) => name.endsWith('.js'))) {
  rmSync(new URL(`engine/${name}`, dist));
}
for (const [module, script] of [['counterseal', 'wasm-base64'], ['counterseal.simd', 'wasm-base64-simd']]) {
  const wasm = readFileSync(new URL(`../pkg/${module}.wasm`, import.meta.url)).toString('base64');
  writeFileSync(new URL(`${script}.js`, dist), `export const wasm='${wasm}';\n`);
}


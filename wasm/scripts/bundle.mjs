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

// What a client does without, or does in fewer words, it does not download.
const smaller = {
  name: 'smaller',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/(quick|shared)\.js$/ }, ({ path }) => ({ path: source(`client/${path.slice(2, -3)}`) })),
};

// One copy of the façade for all entries: two would not know each other's keys.
await build({ ...options, entryPoints: ['node', 'inline', 'lazy', 'lazy-node'].map(source), splitting: true, chunkNames: 'shared' });
// The client, apart from the rest, which it shares nothing with at run time: its objects are of its own engine. Each runtime takes one of the two.
await build({ ...options, entryPoints: ['client', 'client-node'].map(source), keepNames: false, plugins: [smaller] });
// The engine alone, for node/, which has a façade of its own.
await build({ ...options, entryPoints: [source('node-engine')] });
for (const name of readdirSync(new URL('engine/', dist)).filter((name) => name.endsWith('.js'))) {
  rmSync(new URL(`engine/${name}`, dist));
}
rmSync(new URL('client/', dist), { recursive: true });
for (const [module, script] of [['counterseal', 'wasm-base64'], ['counterseal.simd', 'wasm-base64-simd']]) {
  const wasm = readFileSync(new URL(`../pkg/${module}.wasm`, import.meta.url)).toString('base64');
  writeFileSync(new URL(`${script}.js`, dist), `export const wasm='${wasm}';\n`);
}


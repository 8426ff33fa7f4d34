// What a browser downloads, compressed: the entry that fetches its module, whatever it imports, and the module itself.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const wasm = new URL('../../../wasm/', import.meta.url);
const REFERENCE = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']|new URL\(["']([^"']+)["'],\s*import\.meta\.url\)/g;

// Every file that the entry leads to, itself included.
function reached(entry, found = new Set()) {
  if (found.has(entry.href)) {
    return found;
  }
  found.add(entry.href);
  if (entry.pathname.endsWith('.js')) {
    for (const [, imported, fetched] of readFileSync(entry, 'utf8').matchAll(REFERENCE)) {
      reached(new URL(imported ?? fetched, entry), found);
    }
  }
  return found;
}

const { version } = JSON.parse(readFileSync(new URL('package.json', wasm), 'utf8'));
const sizes = [...reached(new URL('dist/lazy.js', wasm))].map((href) => {
  const size = gzipSync(readFileSync(new URL(href)), { level: 9 }).length;
  return { file: href.slice(wasm.href.length), size };
});
// There is a module for runtimes with vectors and one for those without; a browser fetches one of them.
const modules = sizes.filter(({ file }) => file.endsWith('.wasm'));
if (modules.length === 0) {
  throw new Error('the entry leads to no module');
}
console.error('  … wasm-download gzip');
const module = Math.max(...modules.map(({ size }) => size));
const scripts = sizes.filter((each) => !modules.includes(each));
const glue = scripts.reduce((sum, { size }) => sum + size, 0);
const remark = `${sizes.map(({ file, size }) => `${file} ${size} B`).join(', ')}; of several modules the largest counts`;
const about = { contest: 'wasm-download', size: 'gzip', version, runtime: 'any browser' };
console.log(JSON.stringify({ ...about, product: [module + glue], remark }));

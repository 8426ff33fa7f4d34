// What a browser downloads, compressed: the entry that fetches its module, whatever it imports, and the module itself.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const wasm = new URL('../../../wasm/', import.meta.url);
const REFERENCE = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'|new URL\('([^']+)', import\.meta\.url\)/g;

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
const modules = sizes.filter(({ file }) => file.endsWith('.wasm'));
if (modules.length !== 1) {
  throw new Error(`one module was to be reached, not ${modules.length}`);
}
const scripts = sizes.length - modules.length;
console.error('  … wasm-download gzip');
const total = sizes.reduce((sum, { size }) => sum + size, 0);
const remark = `module ${modules[0].size} B and ${scripts} scripts ${total - modules[0].size} B`;
const answer = { contest: 'wasm-download', size: 'gzip', version, runtime: 'any browser', product: [total], remark };
console.log(JSON.stringify(answer));

// What a browser downloads, compressed: an entry that fetches its module, whatever it imports, and the module itself.
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

// There may be a module for runtimes with vectors and one for those without; a browser fetches one of them.
function measure(contest, entry) {
  const sizes = [...reached(new URL(entry, wasm))].map((href) => {
    const size = gzipSync(readFileSync(new URL(href)), { level: 9 }).length;
    return { file: href.slice(wasm.href.length), size };
  });
  const modules = sizes.filter(({ file }) => file.endsWith('.wasm'));
  if (modules.length === 0) {
    throw new Error(`${entry} leads to no module`);
  }
  console.error(`  … ${contest} gzip`);
  const module = Math.max(...modules.map(({ size }) => size));
  const glue = sizes.reduce((sum, each) => sum + (modules.includes(each) ? 0 : each.size), 0);
  const files = sizes.map(({ file, size }) => `${file} ${size} B`).join(', ');
  const remark = modules.length > 1 ? `${files}; of several modules the largest counts` : files;
  const about = { contest, size: 'gzip', version, runtime: 'any browser' };
  console.log(JSON.stringify({ ...about, product: [module + glue], remark }));
}

const { version } = JSON.parse(readFileSync(new URL('package.json', wasm), 'utf8'));
measure('wasm-download', 'dist/client.js');
measure('wasm-download-whole', 'dist/lazy.js');

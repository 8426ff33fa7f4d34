// Keeps api.d.ts, the public declarations in one file, so that a change of the API shows in review. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);
const report = new URL('../api.d.ts', import.meta.url);
const NAME = /^export (?:declare )?(?:class|interface|type|function|const|let) (\w+)/m;

// The modules that index.d.ts exports from, in its order.
function publicModules() {
  const index = readFileSync(new URL('facade/index.d.ts', dist), 'utf8');
  return [...new Set(Array.from(index.matchAll(/from '\.\/(.+)\.js'/g), ([, name]) => name))];
}

// What the entry `client` exports, by the same modules.
function clientNames() {
  const client = readFileSync(new URL('facade/client.d.ts', dist), 'utf8');
  return Array.from(client.matchAll(/\{(.+)\}/g), ([, names]) => names.split(',').map((name) => name.trim())).flat().sort();
}

function exported(name) {
  const index = readFileSync(new URL('facade/index.d.ts', dist), 'utf8');
  const lines = index.split('\n').filter((line) => line.includes(`from './${name}.js'`));
  return new Set(lines.flatMap((line) => line.slice(line.indexOf('{') + 1, line.indexOf('}')).split(',').map((item) => item.trim())));
}

// Each exported statement with its doc comment. It ends on its first line, or where a brace stands flush left.
function statements(source) {
  const found = [];
  let text = '';
  for (const line of source.split('\n')) {
    if (text === '' && !/^(\/\*\*|export (declare )?(class|interface|type|function|const|let) )/.test(line)) {
      continue;
    }
    text += `${line}\n`;
    if (/^}/.test(line) || /^export .*[;}]$/.test(line)) {
      found.push({ text: text.trimEnd(), name: NAME.exec(text)?.[1] });
      text = '';
    }
  }
  return found;
}

const sections = publicModules().map((name) => {
  const wanted = exported(name);
  const source = readFileSync(new URL(`facade/${name}.d.ts`, dist), 'utf8');
  const kept = statements(source).filter((statement) => wanted.delete(statement.name));
  if (wanted.size > 0) {
    throw new Error(`${name}: no declaration found of ${[...wanted].join(', ')}`);
  }
  return kept.map(({ text }) => text).join('\n\n');
});
const text = `// The public API of @counterseal/wasm and counterseal. Generated: npm run build && npm run api\n\n${sections.join('\n\n')}

// Of these the entries @counterseal/wasm/client and counterseal/client have:
${clientNames().map((name) => `//   ${name}`).join('\n')}
`;

if (!process.argv.includes('--check')) {
  writeFileSync(report, text);
} else if (readFileSync(report, 'utf8') !== text) {
  console.error('wasm/api.d.ts is stale: run `npm run build && npm run api` in wasm/');
  process.exitCode = 1;
}

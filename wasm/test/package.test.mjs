import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { packed } from './suite/packed.mjs';

test('every entry loads and is the same package', async () => {
  for (const entry of ['node', 'inline', 'lazy', 'lazy-node']) {
    const source = `import * as api from './dist/${entry}.js'; ${ENTRIES[entry] ?? ''} console.log(JSON.stringify([api.about(), Object.keys(api).sort()]));`;
    const [about, names] = JSON.parse(run(source));
    assert.equal(about.engine, 'wasm');
    assert.deepEqual(names.filter((name) => name !== 'init'), PUBLIC);
  }
});

test('both modules sign as the contract says, and verify it', () => {
  for (const module of ['counterseal.wasm', 'counterseal.simd.wasm']) {
    const source = `import * as api from './dist/lazy.js'; import { readFileSync } from 'node:fs'; await api.init(readFileSync('pkg/${module}')); ${SIGN}`;
    assert.equal(run(source).trim(), SIGNED, module);
  }
});

test('the client loads from plain files, and signs as the contract says', () => {
  for (const [entry, init] of [['client', "await api.init(readFileSync('pkg/counterseal.client.wasm'));"], ['client-node', 'await api.init();']]) {
    const source = `import * as api from './dist/${entry}.js'; import { readFileSync } from 'node:fs'; ${init} ${SIGN}`;
    assert.equal(run(source).trim(), SIGNED, entry);
  }
});

test('before init() nothing works, and says so', () => {
  const source = "import { generateNonce } from '@counterseal/wasm/lazy'; try { generateNonce(); } catch (error) { console.log(error.message); }";
  assert.match(run(source), /await init\(\) first/);
});

test('require() of the package works', () => {
  const script = "console.log(require('@counterseal/wasm').about().engine)";
  assert.equal(execFileSync(process.execPath, ['--no-warnings', '--input-type=commonjs', '-e', script], { cwd: ROOT, encoding: 'utf8' }).trim(), 'wasm');
});

test('what is packed holds both licences, the module and the declarations', () => {
  const files = packed(ROOT);
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE', 'README.md', 'dist/node.js', 'dist/inline.js', 'dist/lazy.js', 'dist/node.d.ts', 'dist/shared.js', 'dist/client.js', 'dist/client-node.js', 'dist/client.d.ts', 'dist/facade/client.d.ts', 'dist/wasm-base64.js', 'dist/wasm-base64-simd.js', 'dist/facade/index.d.ts', 'dist/engine/load.d.ts', 'pkg/counterseal.wasm', 'pkg/counterseal.simd.wasm', 'pkg/counterseal.client.wasm']) {
    assert.ok(files.includes(name), `${name} is missing of ${files}`);
  }
  assert.ok(!files.some((name) => /^(src|ts|test|scripts)\//.test(name)), `${files}`);
});

test('a client downloads little', () => {
  const files = ['dist/client.js', 'pkg/counterseal.client.wasm'];
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, ROOT)), { level: 9 }).length, 0);
  // Whatever makes it larger by a tenth is not a client's, or a quick way: docs/decisions/0017-client-entry.md.
  assert.ok(size < MOST_OF_A_CLIENT, `${size} bytes`);
});

test('the committed report of the API is that of this build', () => {
  execFileSync(process.execPath, ['scripts/api.mjs', '--check'], { cwd: ROOT });
});

test('the report names every export', () => {
  const report = readFileSync(new URL('../api.d.ts', import.meta.url), 'utf8');
  for (const name of PUBLIC) {
    assert.match(report, new RegExp(`export declare (class|function) ${name}\\b`));
  }
});

const MOST_OF_A_CLIENT = 80_000;
const ROOT = new URL('..', import.meta.url);
const PUBLIC = [
  'CountersealError',
  'Key',
  'Keyring',
  'MemoryReplayGuard',
  'PacketSigner',
  'PacketVerifier',
  'PendingRequest',
  'RequestSigner',
  'RequestVerifier',
  'Secret',
  'Session',
  'SharedReplayGuard',
  'TicketIssuer',
  'TokenIssuer',
  'TokenVerifier',
  'Trust',
  'Verified',
  'VerifiedRequest',
  'VerifiedToken',
  'about',
  'canonicalJson',
  'derive',
  'errorList',
  'generateNonce',
  'refusal',
  'ticketKeys',
];
const SIGN = `
  const key = new api.Key('engine-7', { secret: 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' });
  const at = { context: 'engine_status', now: 1708167234 };
  const payload = { a: '\\u0007\\n"\\\\/', job: 42, né: [1, 1e21, 1e-7, -0], status: 'FINISHED', '€': null };
  const packet = new api.PacketSigner(key).sign(payload, { ...at, nonce: 'AAECAwQFBgcICQoLDA0ODw' });
  console.log(packet.sig, new api.PacketVerifier(new api.Keyring([key])).verify(packet, at).owner);
`;
const SIGNED = '1v-poh--kq5rgAY2M_I-7YNcV1sTIjyGtFJnlqZgLxI engine-7';
const ENTRIES = {
  lazy: "import { readFileSync } from 'node:fs'; await api.init(readFileSync('pkg/counterseal.wasm'));",
  'lazy-node': 'await api.init();',
};

function run(source) {
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], { cwd: ROOT, encoding: 'utf8' });
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packed } from '../../wasm/test/suite/packed.mjs';
import { withoutAddon } from './without-addon.mjs';

test('without an addon, or with one that does not load, the wasm build steps in', (context) => {
  const folder = withoutAddon(context);
  assert.deepEqual(JSON.parse(run(folder, ABOUT)), { engine: 'wasm', version: '0.1.0' });
  for (const call of ["new AuditLog('x')", "verifyAuditLog(['x'])", "auditLogFiles('x')"]) {
    assert.match(run(folder, `import { AuditLog, auditLogFiles, verifyAuditLog } from 'counterseal'; try { ${call}; } catch (error) { console.log(error.message); }`), /^malformed_argument: audit logs need the native addon/);
  }
  writeFileSync(join(folder, 'counterseal.node'), 'not a library');
  assert.deepEqual(JSON.parse(run(folder, ABOUT)), { engine: 'wasm', version: '0.1.0' });
  cpSync(join(ROOT, 'counterseal.node'), join(folder, 'counterseal.node'));
  assert.equal(JSON.parse(run(folder, ABOUT)).engine, 'native');
});

test('require() of the package works, and gives what import gives', () => {
  const source = "import { createRequire } from 'node:module'; import * as api from 'counterseal'; const again = createRequire(import.meta.url)('counterseal'); console.log(again.PacketVerifier === api.PacketVerifier);";
  assert.equal(run(ROOT, source), 'true');
});

test('the guard in Redis comes by itself, and is of the same package', () => {
  const source = "import { RedisReplayGuard } from 'counterseal/redis'; const client = { evalsha() {}, eval() {} }; const guard = new RedisReplayGuard(client); const { SharedReplayGuard } = await import('counterseal'); console.log(guard instanceof SharedReplayGuard);";
  assert.equal(run(ROOT, source), 'true');
});

test('worker threads each get the addon', () => {
  const source = "import { Worker } from 'node:worker_threads'; import 'counterseal'; new Worker(\"import('counterseal').then((api) => console.log(api.about().engine))\", { eval: true });";
  assert.equal(run(ROOT, source), 'native');
});

test('what is packed holds both licences and the addon, and names a released wasm package', () => {
  const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
  const files = packed(ROOT);
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/redis.js', 'dist/redis.d.ts', 'dist/facade/index.d.ts', 'counterseal.node']) {
    assert.ok(files.includes(name), `${name} is missing of ${files}`);
  }
  assert.ok(!files.some((name) => /^(src|ts|test|scripts)\//.test(name)), `${files}`);
  assert.equal(readFileSync(join(ROOT, 'package.json'), 'utf8'), manifest);
});

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ABOUT = "import { about } from 'counterseal'; console.log(JSON.stringify(about()));";

function run(cwd, source) {
  return execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', source], { cwd, encoding: 'utf8' }).trim();
}

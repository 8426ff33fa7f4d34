import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';

test('a page loads it from plain files, under a content security policy', async (context) => {
  const { port, seen } = await serve(context);
  const profile = mkdtempSync(join(tmpdir(), 'counterseal-'));
  const browser = spawn(chromium(), [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/test/page.html`], { stdio: 'ignore', detached: true });
  context.after(async () => {
    // With the processes that it started: they would go on writing into the profile.
    process.kill(-browser.pid, 'SIGKILL');
    await once(browser, 'exit');
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const ended = once(browser, 'exit').then(([code]) => assert.fail(`chromium ended with ${code}`));
  assert.deepEqual(await Promise.race([seen, ended]), {
    engine: 'wasm',
    payload: { status: 'FINISHED' },
    replayed: 'replayed',
    bytes: 'AP8K',
    element: 'malformed_payload',
    foreignDate: 'malformed_payload',
    session: [['engine-7'], 'page-1', 'ended', 'unknown_key', 401],
    request: ['page-1', 'page-1', 'replayed', 'body_mismatch', 'malformed_request', 'caller_not_allowed'],
    lazy: 'wasm',
    client: ['[1e+21]', '[1e-7]', 'malformed_argument'],
  });
});

async function serve(context) {
  let answer;
  const seen = new Promise((resolve) => { answer = resolve; });
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      answer(JSON.parse(await text(request)));
      return response.end();
    }
    const { pathname } = new URL(request.url, 'http://page');
    const type = TYPES[extname(pathname)];
    if (type === undefined) {
      return response.writeHead(404).end();
    }
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
    response.end(readFileSync(new URL(`..${pathname}`, import.meta.url)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return { port: server.address().port, seen };
}

function chromium() {
  const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  accessSync(path);
  return path;
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

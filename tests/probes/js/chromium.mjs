// `cargo xtask probe chromium`: the package `@counterseal/wasm` in a real browser, from a plain `<script type="module">`.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { launch } from './chromium-launch.mjs';
import { serve } from './stdio.mjs';

const PACKAGE = new URL('../../../wasm/', import.meta.url);
const PREFIX = '/node_modules/@counterseal/wasm/';
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const CHUNK = 3 << 20;

async function main() {
  const server = createServer((request, response) => void respond(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launch();
  try {
    const page = await open(browser, server.address().port);
    await serve((line) => answerIn(page, line));
  } finally {
    await browser.close();
    server.close();
  }
}

async function open(browser, port) {
  const page = await browser.newPage();
  page.on('console', (message) => console.error(message.text()));
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction(() => globalThis.probe !== undefined);
  await call(page, 'start', `Chromium ${browser.version()}`);
  return page;
}

async function answerIn(page, line) {
  for (let at = 0; at < line.length - CHUNK; at += CHUNK) await call(page, 'push', encoded(line, at));
  // The last chunk brings the first of the answer with it: one message a line, mostly.
  const last = Math.floor(Math.max(line.length - 1, 0) / CHUNK) * CHUNK;
  const { length, first } = await call(page, 'finish', [encoded(line, last), CHUNK]);
  const pieces = [first];
  for (let at = CHUNK; at < length; at += CHUNK) pieces.push(await call(page, 'pull', [at, at + CHUNK]));
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))).toString();
}

function encoded(line, at) {
  return line.subarray(at, at + CHUNK).toString('base64');
}

function call(page, name, argument) {
  return page.evaluate(([name, argument]) => globalThis.probe[name](argument), [name, argument]);
}

async function respond({ url }, response) {
  const content = url === '/' ? await html() : await readFile(fileOf(url)).catch(() => null);
  const type = TYPES[url === '/' ? '.html' : extname(url)] ?? 'application/octet-stream';
  response.writeHead(content === null ? 404 : 200, { 'content-type': type }).end(content);
}

function fileOf(url) {
  return url.startsWith(PREFIX) ? new URL(url.slice(PREFIX.length), PACKAGE) : new URL(`.${url}`, import.meta.url);
}

/** The page finds the package where its manifest says that browsers do. */
async function html() {
  const manifest = JSON.parse(await readFile(new URL('package.json', PACKAGE), 'utf8'));
  const imports = { '@counterseal/wasm': PREFIX + manifest.exports['.'].browser.slice('./'.length) };
  return `<!doctype html><title>Counterseal probe</title>
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/page.mjs"></script>`;
}

await main();

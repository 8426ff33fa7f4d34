// Opens each page from standard input in Chromium, answering a JSON line for each: what went wrong, and its console.
//
// A page is served as a user would serve it: the package lies under node_modules/@counterseal/wasm/.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { launch } from '../probes/js/chromium-launch.mjs';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'wasm');
const PREFIX = '/node_modules/@counterseal/wasm/';
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const PATIENCE_MS = 30_000;

async function main() {
  const { blocks } = JSON.parse(await text(process.stdin));
  const browser = await launch();
  try {
    for (const block of blocks) {
      const promises = block.lines > 0;
      console.log(JSON.stringify(promises ? await open(browser, block) : { fault: 'a page must promise its output', output: '' }));
    }
  } finally {
    await browser.close();
  }
}

/** Loads the page and waits until it has written as many lines as it promises, or has failed. */
async function open(browser, { code, lines }) {
  const server = createServer((request, response) => void serve(code, request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = await browser.newPage();
  const written = [];
  let fault = '';
  await new Promise((resolve) => {
    const patience = setTimeout(() => ((fault = `no more than ${written.length} of ${lines} lines`), resolve()), PATIENCE_MS);
    const settle = () => (clearTimeout(patience), resolve());
    page.on('console', (message) => {
      written.push(message.text());
      if (message.type() === 'error') (fault = message.text()), settle();
      if (written.length >= lines) settle();
    });
    page.on('pageerror', (error) => ((fault = String(error)), settle()));
    page.on('response', (answer) => {
      if (!answer.ok()) (fault = `${answer.status()} ${answer.url()}`), settle();
    });
    page.goto(`http://127.0.0.1:${server.address().port}/`).catch((error) => ((fault = String(error)), settle()));
  });
  await page.close();
  server.close();
  return { fault, output: written.join('\n') };
}

async function serve(code, request, response) {
  const path = normalize(new URL(request.url, 'http://page').pathname);
  if (path === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(code);
  } else if (path === '/favicon.ico') {
    response.writeHead(204).end();
  } else if (path.startsWith(PREFIX)) {
    const file = await readFile(join(PACKAGE, path.slice(PREFIX.length))).catch(() => null);
    response.writeHead(file ? 200 : 404, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(file);
  } else {
    response.writeHead(404).end();
  }
}

await main();

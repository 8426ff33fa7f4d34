// The demo: starts the server and its three clients, lets them work and attack, and holds all that happened against what must happen.
//
//   node examples/trust-boundary/run.mjs --server PATH --python PATH [--payloads FILE] [--html FILE]

import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as sdk from 'counterseal';
import { Page } from './run/browser.mjs';
import { cast, CLIENTS, HUB, PARTIES } from './run/cast.mjs';
import { check } from './run/check.mjs';
import { EXPECTED } from './run/expected.mjs';
import { htmlReport } from './run/html.mjs';
import { MOST_LINES, readPayloads } from './run/payloads.mjs';
import { Program } from './run/processes.mjs';
import { textReport } from './run/text.mjs';
import { waitFor } from './run/wait.mjs';

const STEPS = { connect: 'getting tokens, connecting', exchange: 'exchanging payloads with the server', mesh: 'exchanging payloads with each other', attack: 'attacking' };

async function main() {
  const options = readOptions();
  const { payloads, refused } = await choosePayloads(options.payloads);
  const results = await run(options, payloads);
  const report = check({ parties: PARTIES, results, expected: EXPECTED, errors: sdk.errorList() });
  const shown = { source: basename(options.payloads), payloads: payloads.length, refusedLines: refused, report };
  console.log(`\n${textReport(shown)}`);
  await mkdir(dirname(options.html), { recursive: true });
  await writeFile(options.html, htmlReport({ ...shown, when: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC' }));
  console.log(`\nThe same as a page: ${options.html}`);
  return report.faults.length === 0 ? 0 : 1;
}

function readOptions() {
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({ options: { server: text, python: text, payloads: text, html: text } }));
  } catch (error) {
    throw new Usage(error.message);
  }
  const { server, python, payloads = here('sample.jsonl'), html = here('../../target/demo.html') } = values;
  if (server === undefined || python === undefined) throw new Usage('--server and --python are needed; cargo xtask demo gives them');
  return { server, python, payloads: resolve(payloads), html: resolve(html) };
}

async function choosePayloads(file) {
  const { payloads, refused } = await readPayloads(sdk, file).catch((error) => {
    if (error.code === undefined) throw error;
    throw new Usage(`--payloads ${file}: ${error.message}`);
  });
  for (const { line, why } of refused) say(`${basename(file)}, line ${line}: refused, ${why}`);
  if (payloads.length === 0) throw new Usage(`${file} holds no payload: each line must be one JSON value`);
  if (payloads.length > MOST_LINES) throw new Usage(`${file} holds ${payloads.length} payloads; at most ${MOST_LINES} can be shown at once`);
  return { payloads, refused };
}

/** Starts all, goes through the steps, ends all. */
async function run({ server, python }, payloads) {
  const folders = { page: here('browser'), js: here('js'), sdk: here('../../wasm') };
  const setups = cast(sdk, payloads, folders);
  const patience = PATIENCE_MS + payloads.length * PATIENCE_PER_PAYLOAD_MS;
  const started = [];
  const start = (program) => (started.push(program), program);
  try {
    say('starting the server');
    const hub = start(new Program(HUB.name, server, [], say));
    const exchanged = await waitFor(hub.ask(setups.server), 'the server’s exchange with itself', patience, say);
    const about = await waitFor(hub.next(), 'the server to listen', PATIENCE_MS, say);
    const url = `http://127.0.0.1:${about.listening}/`;
    say(`the server listens on ${url}; starting its clients`);
    const open = {
      python: async (name) => start(new Program(name, python, [here('python/service.py')], say)),
      node: async (name) => start(new Program(name, process.execPath, [here('node/engine.mjs')], say)),
      browser: async (name) => start(await Page.open(name, url, say)),
    };
    const clients = {};
    await each('starting', patience, async ({ name, language }, at) => {
      const program = await open[language](name);
      const said = await program.ask({ ...setups.clients[at], port: about.listening });
      clients[name] = { program, about: said.about };
    });
    for (const [step, title] of Object.entries(STEPS)) {
      say(title);
      await each(title, patience, async ({ name }) => (clients[name][step] = await clients[name].program.ask(step)));
    }
    // Its log is whole once it has ended.
    await hub.end();
    const programs = [[HUB.name, hub], ...Object.entries(clients).map(([name, { program }]) => [name, program])];
    return {
      payloads: payloads.length,
      hub: about,
      audit: [exchanged, ...hub.drain()],
      clients: Object.fromEntries(Object.entries(clients).map(([name, { program, attack, ...rest }]) => [name, { ...rest, ...attack }])),
      leaked: programs.filter(([, program]) => holds(program.output(), setups.secrets)).map(([name]) => name),
    };
  } finally {
    await Promise.allSettled(started.map((program) => program.end()));
  }
}

/** The same for all clients at once, each within `patience`. */
function each(title, patience, act) {
  return Promise.all(CLIENTS.map((client, at) => waitFor(act(client, at), `${client.name}, ${title}`, patience, say)));
}

function holds(output, secrets) {
  return secrets.some((secret) => output.includes(secret.slice(secret.indexOf(':') + 1)));
}

function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

function say(text) {
  console.error(`· ${text}`);
}

/** A wrong argument: the user's to mend. */
class Usage extends Error {}

const PATIENCE_MS = 120_000;
const PATIENCE_PER_PAYLOAD_MS = 200;

const code = await main().catch((error) => {
  console.error(error instanceof Usage ? error.message : `The demo has failed: ${error.message}`);
  return error instanceof Usage ? 2 : 1;
});
// A browser that was still starting when another party failed would keep us; it ends with this process.
process.exit(code);

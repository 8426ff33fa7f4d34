// The engine bridge, running: a server, an engine in Node and one in Python, jobs now and then, and an attacker. At the end, what happened
// is held against what must happen.
//
//   node examples/engine-bridge/run.mjs --server PATH --python PATH [--for SECONDS] [--port N] [--state DIR]

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, refusals } from './run/check.mjs';
import { readOptions, Usage } from './run/options.mjs';
import { Over } from './run/over.mjs';
import { ATTACKER, ENGINES, Show } from './run/show.mjs';
import { summary } from './run/text.mjs';

async function main() {
  const options = readOptions(process.argv.slice(2));
  const state = options.state ?? (await mkdtemp(join(tmpdir(), 'engine-bridge-')));
  await mkdir(state, { recursive: true, mode: 0o700 });
  try {
    return report(await run(options, state));
  } finally {
    // It holds the server's secrets: what nobody asked to keep is not left behind.
    if (options.state === undefined) await rm(state, { recursive: true });
  }
}

async function run(options, state) {
  const over = new Over();
  const show = await Show.start(options, state, say);
  try {
    tellOperator(show);
    say(options.seconds === undefined ? 'it runs until it is interrupted (Ctrl-C)' : `it runs for ${options.seconds} s`);
    if (options.seconds !== undefined) over.after(options.seconds);
    await show.work(over);
    say('ending all');
    await show.finish();
  } finally {
    await show.end();
  }
  return show.results();
}

/** The password is for the one who sits there; a log is no place for it. */
function tellOperator({ url, password }) {
  console.log(`\n  Dashboard  ${url}/`);
  console.log(`  Password   ${process.stdout.isTTY ? password : '(shown on a terminal only)'}\n`);
}

function report(results) {
  const faults = check({ engines: ENGINES.map(({ name }) => name), attacker: ATTACKER, ...results });
  const rows = refusals({ attacker: ATTACKER, ...results });
  console.log(summary({ engines: ENGINES, rows, faults, ...results }));
  return faults.length === 0 ? 0 : 1;
}

function say(text) {
  console.error(`· ${text}`);
}

const code = await main().catch((error) => {
  console.error(error instanceof Usage ? error.message : `The engine bridge has failed: ${error.message}`);
  return error instanceof Usage ? 2 : 1;
});
process.exit(code);

// A bounded soak on loopback: the server as it runs in earnest, many engines that come and go, and a forger that never tires. At the end, what
// the engines say is held against what the audit log says.
//
//   node examples/engine-bridge/soak/run.mjs --server PATH [--engines N] [--seconds N] [--json FILE]

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Usage } from '../run/options.mjs';
import { check } from './check.mjs';
import { figures } from './figures.mjs';
import { readLedger } from './ledger.mjs';
import { checkOpenFiles, readOptions } from './options.mjs';
import { readRecords } from './records.mjs';
import { Soak } from './soak.mjs';
import { verifyTrail } from './tamper.mjs';
import { report } from './text.mjs';

async function main() {
  const options = readOptions(process.argv.slice(2));
  checkOpenFiles(options.engines);
  const state = await mkdtemp(join(tmpdir(), 'engine-bridge-soak-'));
  try {
    const measured = await Soak.run(options, state, say);
    say('verifying the audit log, and three copies that were tampered with');
    return conclude(options, measured, await evidence(measured));
  } finally {
    await rm(state, { recursive: true });
  }
}

async function evidence({ journals, log, cast }) {
  const ledger = readLedger(journals);
  const trail = await verifyTrail(log);
  return { ledger, trail, records: await readRecords(trail.files), cast };
}

async function conclude(options, measured, evidence) {
  const faults = check(evidence);
  const shown = { ...figures(options, measured, evidence), faults };
  console.log(report(shown));
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(shown, undefined, 2) + '\n');
  return faults.length === 0 ? 0 : 1;
}

function say(text) {
  console.error(`· ${text}`);
}

const code = await main().catch((error) => {
  console.error(error instanceof Usage ? error.message : `The soak has failed: ${error.message}`);
  return error instanceof Usage ? 2 : 1;
});
process.exit(code);

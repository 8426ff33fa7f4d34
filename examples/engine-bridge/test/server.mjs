// What the suites share: a real server on a folder of its own, real engines as processes, each ended with its test.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hub } from '../run/hub.mjs';
import { Program } from '../run/program.mjs';

/** The server as cargo builds it, and the environment's Python; `cargo xtask test bridge` names both. */
export const SERVER = process.env.ENGINE_BRIDGE_SERVER ?? here('../../../target/debug/engine-bridge-server');
export const PYTHON = process.env.ENGINE_BRIDGE_PYTHON ?? here('../../../.venv/bin/python');

/** How each engine is started. */
export const ENGINES = {
  Node: [process.execPath, here('../node/engine.mjs')],
  Python: [PYTHON, here('../python/engine.py')],
};

/** A fresh folder, gone after the test. */
export async function temporaryFolder(t) {
  const folder = await mkdtemp(join(tmpdir(), 'engine-bridge-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A server on `state`, or on a fresh folder; `setup` goes into its setup line. Returns a `Hub`, ended after the test. */
export async function startServer(t, { state, ...setup } = {}) {
  const folder = state ?? (await temporaryFolder(t));
  const hub = await Hub.start({ file: SERVER, state: folder, say: () => {}, ...setup });
  t.after(() => hub.end());
  return hub;
}

/** An engine in `language`, with that configuration if any, and that much more environment. Returns a `Program`, ended after the test. */
export function startEngine(t, language, configuration, env = {}) {
  const [file, script] = ENGINES[language];
  const engine = new Program(configuration?.name ?? language, file, [script], { env });
  t.after(() => engine.end());
  if (configuration !== undefined) engine.tell(configuration);
  return engine;
}

/** What any user of this machine can read of a process: its arguments and environment. */
export async function visible(pid) {
  const parts = await Promise.all(['cmdline', 'environ'].map((part) => readFile(`/proc/${pid}/${part}`, 'utf8')));
  return parts.join('\n');
}

/** The secret part of what an engine was provisioned with, and of what else is named. */
export function secretsOf({ secret, token }, ...more) {
  return [secret.slice(secret.indexOf(':') + 1), token, ...more];
}

function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

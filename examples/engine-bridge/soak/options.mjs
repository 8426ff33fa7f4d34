// The soak's command line, and what it asks of the system.

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Usage, whole } from '../run/options.mjs';

/** `server` is a program; `json` a file to write, if any. */
export function readOptions(args) {
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({ args, options: { server: text, engines: text, seconds: text, json: text } }));
  } catch (error) {
    throw new Usage(error.message);
  }
  if (values.server === undefined) throw new Usage('--server is needed; cargo xtask soak gives it');
  return {
    server: values.server,
    engines: whole('--engines', values.engines ?? '1000', 20, ENGINES_MOST),
    seconds: whole('--seconds', values.seconds ?? '60', 3, 3600),
    json: values.json && resolve(values.json),
  };
}

/** The server holds a socket for each engine. Node has raised the limit as far as it may go, and what it starts inherits that. */
export function checkOpenFiles(engines, limit = openFiles()) {
  const needed = engines + FILES_BESIDE;
  if (needed <= limit) return;
  throw new Usage(`${engines} engines need ${needed} open files, and ${limit} are allowed: raise the hard limit (ulimit -Hn ${needed}, as root), or pass --engines ${Math.max(limit - FILES_BESIDE, 20)}`);
}

function openFiles() {
  if (process.platform === 'win32') return Infinity;
  const said = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return said === 'unlimited' ? Infinity : Number(said);
}

/** The server takes 4,096 connections; the forger needs some, and so does an engine that reconnects before its last connection is given up. */
const ENGINES_MOST = 3500;
const FILES_BESIDE = 200;

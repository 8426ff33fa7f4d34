// The launcher's command line.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** A wrong argument: the user's to mend. */
export class Usage extends Error {}

/** `server` and `python` are programs; `for` is in seconds, undefined until interrupted; `port` 0 for any; `state` undefined for a fresh folder. */
export function readOptions(args) {
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({ args, options: { server: text, python: text, for: text, port: text, state: text } }));
  } catch (error) {
    throw new Usage(error.message);
  }
  const { server, python, state } = values;
  if (server === undefined || python === undefined) throw new Usage('--server and --python are needed; cargo xtask demo engine-bridge gives them');
  if (state === '') throw new Usage('--state must be a folder');
  return {
    server,
    python,
    state: state && resolve(state),
    seconds: values.for === undefined ? undefined : whole('--for', values.for, 1, 86_400),
    port: whole('--port', values.port ?? '0', 0, 65_535),
  };
}

/** A number of the command line, within its bounds. */
export function whole(name, text, least, most) {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < least || number > most) throw new Usage(`${name} must be a whole number from ${least} to ${most}, not ${text}`);
  return number;
}

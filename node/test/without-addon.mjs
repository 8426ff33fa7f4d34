// The package as it is where no addon loads.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A copy of the package without its addon, gone when the test is: its folder. */
export function withoutAddon(context) {
  const folder = mkdtempSync(join(tmpdir(), 'counterseal-'));
  context.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  mkdirSync(join(folder, 'node_modules/@counterseal'), { recursive: true });
  symlinkSync(join(ROOT, '../wasm'), join(folder, 'node_modules/@counterseal/wasm'), 'junction');
  return folder;
}

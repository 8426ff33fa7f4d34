import { execFileSync } from 'node:child_process';

/** The names of the files that `npm pack` would pack. */
export function packed(folder) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const answer = execFileSync(npm, ['pack', '--dry-run', '--json', '--silent'], { cwd: folder, encoding: 'utf8' });
  const [{ files }] = Object.values(JSON.parse(answer));
  return files.map(({ path }) => path);
}

// Copies both licences into the package that is being packed: npm packs nothing from outside its folder.
import { copyFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const here = pathToFileURL(`${process.cwd()}/`);
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) {
  copyFileSync(new URL(`../${name}`, here), new URL(name, here));
}

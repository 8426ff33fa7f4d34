// Points package.json at the wasm package: by its version in what is published, by its folder in the repository.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package.json', import.meta.url);
const manifest = JSON.parse(readFileSync(file, 'utf8'));
const to = process.argv[2] === 'released' ? manifest.version : 'file:../wasm';
const name = '"@counterseal/wasm": ';
writeFileSync(file, readFileSync(file, 'utf8').replace(new RegExp(`${name}"[^"]*"`), `${name}"${to}"`));

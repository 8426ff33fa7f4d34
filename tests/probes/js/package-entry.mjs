// Finds the packages of this repository as their users would, by the `exports` of their manifests, with nothing installed.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Imports the package `name` that lies in `folder` of the repository. A package may refer to itself by its name. */
export function importPackage(folder, name) {
  const manifest = new URL(`../../../${folder}/package.json`, import.meta.url);
  return import(pathToFileURL(createRequire(manifest).resolve(name)));
}

// Gives this package its own copy of the façade: one that shared it with @counterseal/wasm would share its engine too.
import { cpSync, rmSync } from 'node:fs';

const copy = new URL('../dist/facade/', import.meta.url);
rmSync(copy, { recursive: true, force: true });
cpSync(new URL('../../wasm/dist/facade/', import.meta.url), copy, { recursive: true });

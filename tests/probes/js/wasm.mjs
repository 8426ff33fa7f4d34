// `cargo xtask probe wasm`: the package `@counterseal/wasm` in Node.

import { answerer } from './ops.mjs';
import { importPackage } from './package-entry.mjs';
import { serve } from './stdio.mjs';

const sdk = await importPackage('wasm', '@counterseal/wasm');
await serve(answerer(sdk, { language: 'javascript', runtime: `Node ${process.versions.node}`, ...sdk.about() }));

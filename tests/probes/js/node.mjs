// `cargo xtask probe node`: the package `counterseal`, which should be running on its native addon.

import { answerer } from './ops.mjs';
import { importPackage } from './package-entry.mjs';
import { serve } from './stdio.mjs';

const sdk = await importPackage('node', 'counterseal');
await serve(answerer(sdk, { language: 'javascript', runtime: `Node ${process.versions.node}`, ...sdk.about() }));

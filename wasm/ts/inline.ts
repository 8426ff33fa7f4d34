import * as glue from '../pkg/counterseal_wasm.js';
import { setEngine } from './facade/engine.js';
import { wasm } from './wasm-base64.js';

// Compiled asynchronously: a browser may refuse to compile a large module at once on its main thread.
await glue.default({ module_or_path: Uint8Array.from(atob(wasm), (unit) => unit.charCodeAt(0)) });
setEngine(glue);

export * from './facade/index.js';

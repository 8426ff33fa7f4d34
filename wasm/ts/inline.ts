import { load } from './engine/load.js';
import { hasSimd } from './engine/module.js';

// Only the one that fits is fetched.
const { wasm } = hasSimd() ? await import('./wasm-base64-simd.js') : await import('./wasm-base64.js');
await load(Uint8Array.from(atob(wasm), (unit) => unit.charCodeAt(0)));

export * from './facade/index.js';

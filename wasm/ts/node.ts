import { setEngine } from './facade/engine.js';
import { wasmEngine } from './node-engine.js';

setEngine(wasmEngine());

export * from './facade/index.js';

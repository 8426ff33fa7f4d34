// `cargo xtask probe client`: the entry `@counterseal/wasm/client` in Node. What it does not offer is answered by the whole package, so that
// the matrix has no empty cell: packets, parts and the verdicts on tokens are the client's own.

import { answerer } from './ops.mjs';
import { importPackage } from './package-entry.mjs';
import { serve } from './stdio.mjs';

const client = await importPackage('wasm', '@counterseal/wasm/client');
await client.init();
const whole = await importPackage('wasm', '@counterseal/wasm');
const about = { language: 'javascript', runtime: `Node ${process.versions.node}, the client, and the whole for what a client lacks`, ...whole.about() };
const [own, others] = [answerer(client, about), answerer(whole, about)];

const OWN = ['packet.sign', 'packet.verify', 'packet.verify_batch', 'parts.sign', 'parts.verify', 'token.verify'];

await serve((line) => {
  const op = operation(line);
  if (op === 'guard.new') {
    others(line);
    return own(line);
  }
  return OWN.includes(op) ? own(line) : others(line);
});

function operation(line) {
  try {
    return JSON.parse(line.toString())?.op;
  } catch {
    return undefined;
  }
}

// The Node engine. Its setup, secrets included, is the first line of standard input; each further line names a step, answered by a line.

import { createInterface } from 'node:readline';
import * as sdk from 'counterseal';
import { WebSocket } from 'ws';
import { Party } from '../js/party.mjs';

let party;

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (party === undefined) {
    party = new Party({ sdk, setup: asked, say: console.error, WebSocket });
    answer({ about: { runtime: `Node ${process.versions.node}`, ...sdk.about() } });
  } else {
    answer(await party[asked]());
  }
}
// Nobody asks any more: open sockets are no reason to stay.
process.exit();

function answer(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

// The browser's side of the probe: lines and answers cross in chunks of base64, since one message should not hold 16 MiB.

import * as sdk from '@counterseal/wasm';
import { answerer } from './ops.mjs';

let answer;
let pieces = [];
let output = new Uint8Array();

globalThis.probe = {
  start(runtime) {
    answer = answerer(sdk, { language: 'javascript', runtime, user_agent: navigator.userAgent, ...sdk.about() });
  },

  async push(chunk) {
    // The browser's own decoder: a callback a byte would take seconds.
    const response = await fetch(`data:;base64,${chunk}`);
    pieces.push(await response.arrayBuffer());
  },

  /** Answers the line that ends with this chunk: how long the answer is, and its first chunk. */
  async finish([chunk, limit]) {
    await this.push(chunk);
    const line = new Uint8Array(await new Blob(pieces).arrayBuffer());
    pieces = [];
    output = new TextEncoder().encode(answer(line));
    return { length: output.length, first: this.pull([0, limit]) };
  },

  pull([from, to]) {
    const part = output.subarray(from, to);
    const texts = [];
    for (let at = 0; at < part.length; at += 0x8000) texts.push(String.fromCharCode(...part.subarray(at, at + 0x8000)));
    return btoa(texts.join(''));
  },
};

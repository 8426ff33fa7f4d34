// The browser page. Whoever opened it hands it its setup; in your system that comes from a login.

import * as sdk from '/node_modules/@counterseal/wasm/dist/inline.js';
import { Party } from '/js/party.mjs';

let party;

globalThis.page = {
  start(setup) {
    party = new Party({ sdk, setup, say, WebSocket });
    return { about: { runtime: navigator.userAgent, ...sdk.about() } };
  },

  step(name) {
    return party[name]();
  },
};

function say(text) {
  document.querySelector('#said').textContent = text;
  console.info(text);
}

// A connection to the hub with no library in between: what its bytes are is the test's to say.

import { generateNonce } from 'counterseal';
import { connect } from 'node:net';
import { signed } from './attacker.mjs';
import { frame, Texts } from './frames.mjs';
import { Heard } from './heard.mjs';

export class Raw {
  /** What came, in order: each an event and its arguments, or `text` and a text that is no event. */
  heard = new Heard();
  #socket;
  #texts = new Texts();
  #identity;
  #session;

  constructor(t, port) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (bytes) => this.#texts.of(bytes).forEach((text) => this.heard.add(read(text))));
    // It ends one way or another, and is told no more either way.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.heard.add(['disconnect']));
    t.after(() => this.#socket.destroy());
  }

  /** A WebSocket on which Engine.IO has begun, and Socket.IO has not. */
  static async opened(t, port, path = '/socket.io/') {
    const raw = new Raw(t, port);
    raw.write(upgrade(path));
    await raw.heard.first('the open packet', ([event, text]) => event === 'text' && text.startsWith('0{'));
    return raw;
  }

  /** A WebSocket on which an engine's handshake was accepted. */
  static async welcomed(t, { identity, port }) {
    const raw = await Raw.opened(t, port);
    raw.#identity = identity;
    raw.say(`40/engine,${JSON.stringify({ nonce: generateNonce(), token: identity.token })}`);
    const [, welcome] = await raw.heard.first('the welcome', ([event]) => event === 'welcome');
    raw.#session = welcome.payload.session;
    return raw;
  }

  /** A packet of its session, as text. */
  sign(event, payload) {
    return JSON.stringify(signed(this.#identity, this.#session, event, payload));
  }

  /** Sends bytes as they are. Resolves when they are gone, or the connection is. */
  write(bytes) {
    return new Promise((resolve) => {
      this.#socket.once('close', resolve);
      this.#socket.write(bytes, () => {
        this.#socket.off('close', resolve);
        resolve();
      });
    });
  }

  /** Sends a text as one whole frame. */
  say(text) {
    return this.write(frame(text, { masked: true }));
  }

  /** Waits until an event of that name has come so many times. */
  hears(event, times = 1) {
    return this.heard.first(`${times} × ${event}`, () => this.heard.all.filter(([name]) => name === event).length >= times);
  }

  ended() {
    return this.heard.first('the end', ([event]) => event === 'disconnect');
  }

  /** What it was told besides what belongs to the transport and what the hub signed. */
  told() {
    const isTransports = (event, part) => event === 'disconnect' || (event === 'text' && OF_THE_TRANSPORT.test(part));
    return this.heard.all.filter(([event, part]) => !isTransports(event, part) && typeof part?.sig !== 'string');
  }
}

/** The request that asks for a WebSocket with Engine.IO on it. */
export function upgrade(path = '/socket.io/', headers = {}) {
  const usual = { Host: '127.0.0.1', Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': KEY };
  const all = { ...usual, ...headers };
  return [`GET ${path}?EIO=4&transport=websocket HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}

function read(text) {
  const event = /^42(?:\/[^,]*,)?(\[.*)$/s.exec(text);
  return event === null ? ['text', text] : JSON.parse(event[1]);
}

const KEY = 'AAECAwQFBgcICQoLDA0ODw==';
/** Opened, closed, ping; the namespace joined and left. */
const OF_THE_TRANSPORT = /^(?:0\{|1$|2$|40\/|41\/)/;

// The forger's line to the server: bytes, with no library in between that would object to them.

import { connect } from 'node:net';

export class Line {
  #socket;
  #heard = '';
  #ended = false;
  #watchers = new Set();

  /** A WebSocket on which Engine.IO has begun. */
  static async open(port) {
    const line = new Line(port);
    line.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${HEADERS.join('\r\n')}\r\n\r\n`);
    await line.hears(/0\{"sid"/);
    return line;
  }

  constructor(port) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text) => this.#wake((this.#heard += text)));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#wake((this.#ended = true)));
  }

  write(bytes) {
    if (!this.#ended) this.#socket.write(bytes);
  }

  /** Sends a text as one frame (RFC 6455, section 5.2); `first` is its first byte, `masked` what a client's must be. */
  say(text, { first = 0x81, masked = true } = {}) {
    const payload = Buffer.from(text);
    const head = Buffer.from(payload.length < 126 ? [first, payload.length] : [first, 126, payload.length >> 8, payload.length & 0xff]);
    if (!masked) return this.write(Buffer.concat([head, payload]));
    head[1] |= 0x80;
    // A mask of zeros is one: the payload stands as it is.
    this.write(Buffer.concat([head, Buffer.alloc(4), payload]));
  }

  /** Joins the engines' namespace with that handshake. */
  join(handshake) {
    this.say(`40/engine,${JSON.stringify(handshake)}`);
  }

  /** Sends an event. */
  emit(event, argument) {
    this.say(`42/engine,${JSON.stringify([event, argument])}`);
  }

  /** The packet that welcomes it, once it comes. A server's frames have no mask: what it says can be read as it stands. */
  async welcomed() {
    return JSON.parse((await this.hears(/\["welcome",(\{.*?\})\]/))[1]);
  }

  /** What matches of what was heard, once it does. */
  hears(pattern) {
    return this.#when(() => pattern.exec(this.#heard), `${pattern}`);
  }

  /** Waits until the server says that it refuses, or ends it without a word. True if it said so. */
  async refused() {
    const isTold = () => this.#heard.includes('["refused",');
    await this.#when(() => isTold() || this.#ended, 'the refusal');
    return isTold();
  }

  destroy() {
    this.#socket.destroy();
  }

  #when(find, what) {
    return new Promise((resolve, reject) => {
      const settle = (act, value) => {
        clearTimeout(limit);
        this.#watchers.delete(look);
        act(value);
      };
      const look = () => {
        const found = find();
        if (found) settle(resolve, found);
        else if (this.#ended) settle(reject, new Error(`the connection ended before ${what}`));
      };
      const limit = setTimeout(() => settle(reject, new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }

  #wake() {
    for (const look of [...this.#watchers]) look();
  }
}

const HEADERS = ['Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw=='];
const PATIENCE_MS = 60_000;

// A wire between an engine and its server: it hears what the engine says, and can say to the engine what the server never said.

import { connect, createServer } from 'node:net';
import { once } from 'node:events';

export class Wire {
  /** Every text that an engine sent. */
  said = [];
  #server;
  #toEngine;

  /** A wire to the server at `port`, cut after the test. */
  static async to(t, port) {
    const wire = new Wire();
    wire.#server = createServer((engine) => wire.#join(engine, connect(port, '127.0.0.1')));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    t.after(() => wire.#server.close());
    return wire;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** The handshakes of an engine, oldest first. */
  handshakes() {
    return this.said.filter((text) => text.startsWith(CONNECT)).map((text) => JSON.parse(text.slice(CONNECT.length)));
  }

  /** Says an event to the engine that connected last, as if the server did. */
  say(event, argument) {
    this.#toEngine.write(frame(`42/engine,${JSON.stringify([event, argument])}`));
  }

  #join(engine, server) {
    this.#toEngine = engine;
    for (const [from, to] of [[engine, server], [server, engine]]) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
    const texts = new Texts();
    engine.on('data', (bytes) => this.said.push(...texts.of(bytes)));
  }
}

/** Finds the texts in what a WebSocket client sends (RFC 6455, section 5.2). */
class Texts {
  #bytes = Buffer.alloc(0);
  #upgraded = false;

  of(more) {
    this.#bytes = Buffer.concat([this.#bytes, more]);
    if (!this.#upgraded) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return [];
      this.#upgraded = true;
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    const texts = [];
    for (let taken = this.#take(); taken !== undefined; taken = this.#take()) if (taken.opcode === TEXT) texts.push(taken.text);
    return texts;
  }

  #take() {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const short = bytes[1] & 0x7f;
    const head = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (bytes.length < head) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    const end = head + 4 + length;
    if (bytes.length < end) return undefined;
    const mask = bytes.subarray(head, head + 4);
    this.#bytes = bytes.subarray(end);
    return { opcode: bytes[0] & 0x0f, text: bytes.subarray(head + 4, end).map((byte, at) => byte ^ mask[at % 4]).toString() };
  }
}

function frame(text) {
  const payload = Buffer.from(text);
  const length = payload.length < 126 ? Buffer.from([payload.length]) : Buffer.from([126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([Buffer.from([0x80 | TEXT]), length, payload]);
}

const TEXT = 1;
const CONNECT = '40/engine,';

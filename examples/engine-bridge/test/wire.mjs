// A wire between an engine and its server: it hears what both say, can say to the engine what the server never said, and can lead elsewhere.

import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { frame, Texts } from './frames.mjs';

export class Wire {
  /** Every text that an engine sent. */
  said = [];
  /** Every text that a server sent. */
  answered = [];
  #port;
  #server;
  #toEngine;

  /** A wire to the server at `port`, cut after the test. */
  static async to(t, port) {
    const wire = new Wire();
    wire.#port = port;
    wire.#server = createServer((engine) => wire.#join(engine, connect(wire.#port, '127.0.0.1')));
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

  /** Cuts the connection that it has, and leads the next to the server at `port`. */
  leadTo(port) {
    this.#port = port;
    this.#toEngine.destroy();
  }

  #join(engine, server) {
    this.#toEngine = engine;
    for (const [from, to, heard] of [[engine, server, this.said], [server, engine, this.answered]]) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
      const texts = new Texts();
      from.on('data', (bytes) => heard.push(...texts.of(bytes)));
    }
  }
}

const CONNECT = '40/engine,';

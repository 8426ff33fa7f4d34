// Someone between a page and the server: passes everything on, and does to the server's messages what a test wants done.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Middleman {
  #server;
  #sockets = new Set();
  #change = (text) => [text];

  /** Stands before the server at `port`, until the test ends. */
  static async before(t, port) {
    const middleman = new Middleman(port);
    middleman.#server.listen(0, '127.0.0.1');
    await once(middleman.#server, 'listening');
    t.after(() => middleman.#end());
    return middleman;
  }

  constructor(port) {
    this.#server = createServer((client) => {
      const server = connect(port, '127.0.0.1');
      const messages = new Messages((text) => this.#change(text));
      client.pipe(server);
      server.on('data', (bytes) => client.write(messages.pass(bytes)));
      for (const [one, other] of [[client, server], [server, client]]) {
        this.#sockets.add(one);
        one.on('error', () => {});
        one.on('close', () => (this.#sockets.delete(one), other.destroy()));
      }
    });
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** From now on, `change` takes each text message of the server and returns those to be sent in its place. */
  meddle(change) {
    this.#change = change;
  }

  /** Cuts every connection that there is. */
  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }

  #end() {
    this.#server.close();
    this.cut();
  }
}

/** The bytes of one connection: an HTTP answer, and after an upgrade the server's WebSocket frames (RFC 6455, 5.2), which have no mask. */
class Messages {
  #change;
  #upgraded = false;
  #rest = Buffer.alloc(0);

  constructor(change) {
    this.#change = change;
  }

  pass(bytes) {
    if (!this.#upgraded && this.#rest.length === 0 && !bytes.subarray(0, UPGRADED.length).equals(UPGRADED)) return bytes;
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const passed = this.#upgraded ? [] : [this.#head()];
    for (let frame = this.#frame(); frame !== undefined; frame = this.#frame()) passed.push(frame);
    return Buffer.concat(passed);
  }

  #head() {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return Buffer.alloc(0);
    this.#upgraded = true;
    return this.#take(end + 4);
  }

  #frame() {
    if (!this.#upgraded || this.#rest.length < 2) return undefined;
    const short = this.#rest[1];
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.#rest.length < header) return undefined;
    const length = short < 126 ? short : short === 126 ? this.#rest.readUInt16BE(2) : Number(this.#rest.readBigUInt64BE(2));
    if (this.#rest.length < header + length) return undefined;
    const frame = this.#take(header + length);
    if (frame[0] !== WHOLE_TEXT) return frame;
    return Buffer.concat(this.#change(frame.subarray(header).toString()).map(framed));
  }

  #take(length) {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

function framed(text) {
  const body = Buffer.from(text);
  const header = Buffer.alloc(10, 0);
  header.writeBigUInt64BE(BigInt(body.length), 2);
  header[0] = WHOLE_TEXT;
  header[1] = 127;
  if (body.length > 0xffff) return Buffer.concat([header, body]);
  header[1] = 126;
  header.writeUInt16BE(body.length, 2);
  if (body.length > 125) return Buffer.concat([header.subarray(0, 4), body]);
  header[1] = body.length;
  return Buffer.concat([header.subarray(0, 2), body]);
}

const UPGRADED = Buffer.from('HTTP/1.1 101');
const WHOLE_TEXT = 0x81;

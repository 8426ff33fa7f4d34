// An impostor: a Socket.IO server that has no key, and offers to whoever connects what it once heard of the genuine one.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { frame, Texts } from './frames.mjs';

export class Impostor {
  /** How many handshakes it has answered. */
  answered = 0;
  #server;

  /** Listens, until the test ends. `texts` are what it says once an engine's handshake has come. */
  static async with(t, texts) {
    const impostor = new Impostor();
    impostor.#server = createServer();
    impostor.#server.on('upgrade', (request, socket) => impostor.#begin(request, socket, texts));
    impostor.#server.listen(0, '127.0.0.1');
    await once(impostor.#server, 'listening');
    t.after(() => impostor.#server.close());
    return impostor;
  }

  get port() {
    return this.#server.address().port;
  }

  #begin(request, socket, recorded) {
    const accepted = createHash('sha1').update(request.headers['sec-websocket-key'] + WEBSOCKET).digest('base64');
    socket.write(['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accepted}`, '', ''].join('\r\n'));
    socket.write(frame(OPEN));
    const texts = new Texts({ upgraded: true });
    socket.on('data', (bytes) => {
      if (!texts.of(bytes).some((text) => text.startsWith('40/engine,'))) return;
      this.answered += 1;
      for (const text of recorded) socket.write(frame(text));
    });
    socket.on('error', () => {});
  }
}

const OPEN = '0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
/** RFC 6455, section 1.3. */
const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

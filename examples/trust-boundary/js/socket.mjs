// The client's WebSocket to the hub. The first message says hello and brings the token.

import { Refused } from './hub.mjs';

export class Socket {
  #hub;
  #socket;
  #waiting = new Map();
  #closed;

  /** Opens a socket and waits until it stands. `WebSocket` is the browser's, or one with the same interface. */
  static async open(WebSocket, hub, { name = hub.name, onDelivery } = {}) {
    const socket = new WebSocket(`${hub.base.replace('http', 'ws')}/clients/${name}/socket`);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('the socket did not open'));
    });
    return new Socket(socket, hub, onDelivery);
  }

  constructor(socket, hub, onDelivery) {
    this.#hub = hub;
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, ...answer } = JSON.parse(data);
      if (id === undefined) onDelivery?.(answer);
      else this.#settle(id, answer);
    };
    this.#closed = new Promise((resolve) => (socket.onclose = resolve)).then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the hub closed the socket'));
      this.#waiting.clear();
    });
  }

  hello(token) {
    return this.send('hello', '{}', { token });
  }

  /** Sends JSON text. Returns the verified answer. */
  async send(event, json, { token } = {}) {
    const nonce = this.#hub.newNonce();
    const { told, packet } = await this.post({ event, token, packet: this.#hub.sign(event, json, { nonce }) });
    if (packet === undefined) throw new Refused(told);
    return this.#hub.verifyAnswer(event, nonce, packet);
  }

  /** Sends a packet as it stands. Returns what the hub told, and its packet where it accepted ours. */
  async post({ event, token, packet }) {
    const id = this.#hub.nextRequest();
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, event, packet, token }));
    const { packet: answer, ...told } = await answered;
    return answer === undefined ? { request: id, told } : { request: id, told: { status: 200 }, packet: answer };
  }

  async close() {
    this.#socket.close();
    await this.#closed;
  }

  #settle(id, answer) {
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }
}

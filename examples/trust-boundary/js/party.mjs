// What the Node engine and the browser page do, step by step, as the orchestrator asks.

import { attack } from './attacks.mjs';
import { Hub, Refused } from './hub.mjs';
import { Peers } from './peers.mjs';
import { Socket } from './socket.mjs';

export class Party {
  #sdk;
  #setup;
  #say;
  #WebSocket;
  #hub;
  #peers;
  #socket;
  #token;

  constructor({ sdk, setup, say, WebSocket }) {
    this.#sdk = sdk;
    this.#setup = setup;
    this.#say = say;
    this.#WebSocket = WebSocket;
    this.#hub = new Hub(sdk, setup);
    this.#peers = new Peers(sdk, setup, this.#hub);
  }

  /** Gets a token, and connects. */
  async connect() {
    this.#token = await this.#firstToken();
    this.#socket = await Socket.open(this.#WebSocket, this.#hub, { onDelivery: (message) => this.#peers.receive(message) });
    await this.#socket.hello(this.#token);
    return {};
  }

  /** Sends each payload to the hub, by both transports, and holds the signed answer against it. */
  async exchange() {
    const verified = { http: 0, ws: 0 };
    for (const payload of this.#setup.payloads) {
      this.#check(payload, await this.#hub.send('payload', payload, { token: this.#token }));
      verified.http++;
      this.#check(payload, await this.#socket.send('payload', payload));
      verified.ws++;
    }
    return { verified };
  }

  /** Sends each payload to each peer, itself included, and waits for theirs. The hub carries what it cannot forge. */
  async mesh() {
    for (const payload of this.#setup.payloads) {
      for (const peer of this.#peers.names()) {
        const relay = { to: peer, event: 'note', packet: this.#peers.sign(peer, payload) };
        const { payload: answer } = await this.#socket.send('relay', JSON.stringify(relay));
        if (!answer.delivered) throw new Error(`the hub could not reach ${peer}`);
      }
    }
    return { verified: await this.#peers.all() };
  }

  /** Tries each attack; see attacks.mjs. */
  async attack() {
    await this.#socket.close();
    const kit = { sdk: this.#sdk, setup: this.#setup, hub: this.#hub, token: this.#token, WebSocket: this.#WebSocket, say: this.#say };
    return { attempts: await attack(kit) };
  }

  /** A guard that has just begun, the hub's or our own, refuses what was signed before it could know. */
  async #firstToken() {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#hub.requestToken();
      } catch (error) {
        const starting = (error instanceof Refused && error.status === 503) || error.code === 'replay_guard_starting';
        if (!starting || tried === PATIENCE_S) throw error;
        if (tried === 1) this.#say('a replay guard is starting; asking again each second');
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  #check(payload, verified) {
    if (verified.payloadText !== this.#sdk.canonicalJson(payload)) throw new Error(`a payload came back changed: ${payload}`);
  }
}

const PATIENCE_S = 15;

// Engines in this process: the example's own connection, and one that plays false.

import { Key, Keyring, Session } from 'counterseal';
import { io } from 'socket.io-client';
import { Connection } from '../../node/connection.mjs';

/** Connects a genuine engine; resolves once its session is open. `onJob` takes a job and returns its result. */
export function genuine(hub, identity, onJob = () => ({ ok: true })) {
  return new Promise((resolve) => {
    const connection = new Connection({
      identity,
      url: hub.url.slice(0, -1),
      onEvent: (event, payload) => {
        if (event === 'job') connection.send('job_result', { jobId: payload.jobId, ...onJob(payload) });
      },
      onChange: ({ event }) => event === 'connected' && resolve(connection),
    });
    connection.open();
  });
}

/** Connects with a genuine token, and sends as `event` a packet that `forge` makes of a genuine one. Resolves with the server’s refusal. */
export function forger(hub, { name, key_id: id, secret, server, token }, event, forge) {
  const key = new Key(id, { secret, owner: name });
  const session = Session.client(key, { server, keyring: new Keyring([new Key(server, { secret, owner: server })]) });
  return turnedAway(hub, session.handshake(token), (socket) => {
    socket.once('welcome', (welcome) => {
      session.establish(welcome);
      socket.emit(event, forge(session.sign(event, { status: 'IDLE' })));
    });
  });
}

/** Connects with a token that nobody issued. Resolves with the server’s refusal. */
export function stranger(hub) {
  return turnedAway(hub, { nonce: 'AAECAwQFBgcICQoLDA0ODw', token: 'not.a.token' });
}

function turnedAway(hub, handshake, act = () => {}) {
  const socket = io(`${hub.url}engine`, { auth: handshake, transports: ['websocket'], forceNew: true, reconnection: false });
  act(socket);
  return new Promise((resolve, reject) => {
    socket.once('refused', resolve);
    socket.once('disconnect', () => reject(new Error('disconnected without a refusal')));
    socket.once('connect_error', reject);
  }).finally(() => socket.disconnect());
}

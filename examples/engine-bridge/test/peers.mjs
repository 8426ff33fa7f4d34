// Engines in this process: the example's own, and some that do not behave.

import { Key, Keyring, Session } from 'counterseal';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { Connection } from '../node/connection.mjs';

/** A genuine engine, connected until the test ends. `onJob` takes a job and returns its result. */
export function genuine(t, { url, ...identity }, onJob = () => ({ ok: true })) {
  return new Promise((resolve) => {
    const connection = new Connection({
      identity,
      url,
      onEvent: (event, payload) => {
        if (event === 'job') connection.send('job_result', { jobId: payload.jobId, ...onJob(payload) });
      },
      onChange: ({ event }) => event === 'connected' && resolve(connection),
    });
    t.after(() => connection.close());
    connection.open();
  });
}

/** An engine that proves itself and says nothing more. */
export async function silent(t, identity) {
  const { session, socket } = await welcomed(identity);
  t.after(() => socket.disconnect());
  socket.emit('heartbeat', session.heartbeat());
}

/** Connects with a genuine token, and sends as `event` what `forge` makes of a genuine packet. Returns what the server told. */
export async function forger(identity, event, forge) {
  const { session, socket } = await welcomed(identity);
  socket.emit(event, forge(session.sign(event, { status: 'IDLE' })));
  return refusal(socket);
}

/** Connects with a token that nobody issued. Returns what the server told. */
export function stranger(url) {
  return refusal(connected(url, { nonce: 'AAECAwQFBgcICQoLDA0ODw', token: 'not.a.token' }));
}

async function welcomed({ name, key_id: id, secret, server, token, url }) {
  const keyring = new Keyring([new Key(server, { secret, owner: server })]);
  const session = Session.client(new Key(id, { secret, owner: name }), { server, keyring });
  const socket = connected(url, session.handshake(token));
  const [welcome] = await once(socket, 'welcome', { signal: AbortSignal.timeout(PATIENCE_MS) });
  session.establish(welcome);
  return { session, socket };
}

function connected(url, handshake) {
  return io(`${url}/engine`, { auth: handshake, transports: ['websocket'], forceNew: true, reconnection: false });
}

async function refusal(socket) {
  try {
    return (await once(socket, 'refused', { signal: AbortSignal.timeout(PATIENCE_MS) }))[0];
  } finally {
    socket.disconnect();
  }
}

const PATIENCE_MS = 30_000;

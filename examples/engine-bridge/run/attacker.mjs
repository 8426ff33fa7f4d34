// An engine that went over to the other side: a genuine identity, and three packets that must not pass, each on a connection of its own.

import { Key, Keyring, Session } from 'counterseal';
import { once } from 'node:events';
import { io } from 'socket.io-client';

/** Tries each attack. Returns, for each, what the server told. */
export async function attack(identity) {
  const told = {};
  for (const [name, packets] of Object.entries(ATTACKS)) told[name] = await attempt(identity, packets);
  return told;
}

/** The packets of each, of which the last is hostile. */
const ATTACKS = {
  replayed(session) {
    const packet = session.sign('engine_status', STATUS);
    return [packet, packet];
  },

  forged: (session) => [{ ...session.sign('engine_status', STATUS), payload: { status: 'FINISHED' } }],

  stale: (session) => [session.sign('engine_status', STATUS, { now: Math.floor(Date.now() / 1000) - 120 })],
};

async function attempt({ name, key_id: id, secret, server, token, url }, packets) {
  const keyring = new Keyring([new Key(server, { secret, owner: server })]);
  const session = Session.client(new Key(id, { secret, owner: name }), { server, keyring });
  const options = { auth: session.handshake(token), transports: ['websocket'], forceNew: true, reconnection: false };
  const socket = io(`${url}/engine`, options);
  const heard = (event) => once(socket, event, { signal: AbortSignal.timeout(PATIENCE_MS) });
  try {
    const [welcome] = await heard('welcome');
    session.establish(welcome);
    const [[told]] = await Promise.all([heard('refused'), heard('disconnect'), send(socket, packets(session))]);
    return told;
  } finally {
    socket.disconnect();
  }
}

function send(socket, packets) {
  for (const packet of packets) socket.emit('engine_status', packet);
}

const STATUS = { status: 'IDLE' };
const PATIENCE_MS = 30_000;

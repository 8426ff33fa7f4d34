// The operations on sessions, which live from line to line, on tickets, and on what a peer learns.

import { bytes, evidence, key, keyring, object, oneOf, options, peers, text, tokenVerifier, Unusable } from './given.mjs';

export const SESSIONS = {
  'session.server': ({ sdk, sessions }, line) => {
    const session = sdk.Session.server(line.server, options(line, [...OPTIONS, 'now']));
    sessions.set(text(line, 'session'), session);
    return {};
  },

  'session.client': ({ sdk, sessions, rings }, line) => {
    const ring = keyring(sdk, line);
    const given = { server: line.server, keyring: ring, ...options(line, [...OPTIONS, 'now', 'nonce']) };
    sessions.set(text(line, 'session'), sdk.Session.client(key(sdk, object(line.key)), given));
    rings.set(text(line, 'session'), ring);
    return {};
  },

  'session.handshake': (state, line) => ({ handshake_text: JSON.stringify(named(state, line).handshake(text(line, 'token'))) }),

  'session.accept': (state, line) => {
    const session = named(state, line);
    const sent = peers(line, ['handshake', 'handshake_text', 'handshake_bytes']);
    const { claimsText } = session.accept(sent, { tokens: tokenVerifier(state.sdk, line), ...options(line, ['now']) });
    return { peer: session.peer, claims_text: claimsText };
  },

  'session.welcome': (state, line) => {
    const ring = keyring(state.sdk, line);
    const given = { key: key(state.sdk, object(line.key)), keyring: ring, ...options(line, ['now', 'nonce']) };
    const packet = named(state, line).welcome(given);
    state.rings.set(text(line, 'session'), ring);
    return { packet_text: JSON.stringify(packet) };
  },

  'session.establish': (state, line) => {
    named(state, line).establish(peers(line, PACKET), options(line, ['now']));
    return {};
  },

  'session.sign': (state, line) => {
    const session = named(state, line);
    const call = options(line, ['now', 'nonce']);
    const isData = oneOf(line, ['payload', 'data']) === 'data';
    const packet = isData ? session.signBytes(line.event, bytes(line, 'data'), call) : session.sign(line.event, line.payload, call);
    return { packet_text: JSON.stringify(packet) };
  },

  'session.heartbeat': (state, line) => ({ packet_text: JSON.stringify(named(state, line).heartbeat(options(line, ['now', 'nonce']))) }),

  'session.verify': (state, line) => evidence(named(state, line).verify(line.event, peers(line, PACKET), options(line, ['now']))),

  'session.poll': (state, line) => ({ due: named(state, line).poll(options(line, ['now'])) }),

  // What it does not say is undefined, and so not written.
  'session.look': (state, line) => {
    const { state: stage, peer, id, code, deadline } = named(state, line);
    return { state: stage, peer, id, code, deadline };
  },

  'session.close': (state, line) => {
    named(state, line).close();
    return {};
  },

  /** Revokes a key of the ring that the session was given. */
  'session.revoke': ({ rings }, line) => {
    const ring = rings.get(text(line, 'session'));
    if (ring === undefined) throw new Unusable('no ring of that name');
    ring.revoke(text(line, 'key_id'));
    return {};
  },

  /** Signs with one of the two keys that a ticket gives. */
  'ticket.keys': ({ sdk }, line) => {
    const verified = tokenVerifier(sdk, line).verify(text(line, 'token'), options(line, ['now']));
    const { serverKey, clientKey } = sdk.ticketKeys(line.master, verified, line.server);
    const signer = new sdk.PacketSigner({ server: serverKey, owner: clientKey }[text(line, 'by')]);
    const packet = signer.signJson(text(line, 'payload_text'), { context: line.context, ...options(line, ['now', 'nonce']) });
    return { server_key_id: serverKey.id, key_id: clientKey.id, owner: clientKey.owner, packet_text: packet };
  },

  refusal: ({ sdk }, line) => {
    const error = new sdk.CountersealError(text(line, 'code'), '');
    return { text: JSON.stringify(sdk.refusal(error, options(line, ['now']))) };
  },
};

function named({ sessions }, line) {
  const session = sessions.get(text(line, 'session'));
  if (session === undefined) throw new Unusable('no session of that name');
  return session;
}

const OPTIONS = [
  'heartbeat_every',
  'heartbeat_window',
  'handshake_window',
  'identity',
  'max_age',
  'max_ahead',
  'body_limit',
  'on_refusal',
  'guard_capacity',
];
const PACKET = ['packet', 'packet_text', 'packet_bytes'];

// What a session's packets are signed for, followed from case to case: names, nonces and keys (the wire contract, section 8).

const sessions = new Map();

// The session that a call is about, as the calls before it have made it.
export function sessionOf({ session }) {
  return sessions.get(session);
}

// Takes note of a call that succeeded.
export function follow(call, ok) {
  const session = sessionOf(call);
  switch (call.op) {
    case 'session.server':
      sessions.set(call.session, { name: call.server });
      break;
    case 'session.client':
      sessions.set(call.session, { name: call.key.owner ?? call.key.id, peer: call.server, key: call.key, keys: call.keys, opening: call.nonce });
      break;
    case 'session.accept':
      Object.assign(session, { peer: ok.peer, opening: handshakeOf(call).nonce });
      break;
    case 'session.welcome':
      Object.assign(session, { key: call.key, keys: call.keys, id: call.nonce });
      break;
    case 'session.establish':
      session.id = packetOf(call).nonce;
      break;
  }
}

// The contexts of a session's own packets, and of those that it takes.
export function own({ name, peer, id }, event, bound = id) {
  return `${name}>${peer}:${event}@${bound}`;
}
export function peers({ name, peer, id }, event, bound = id) {
  return `${peer}>${name}:${event}@${bound}`;
}

export function handshakeOf({ handshake, handshake_text: text, handshake_bytes: bytes }) {
  return handshake ?? JSON.parse(text ?? decoded(bytes));
}
export function packetOf({ packet, packet_text: text, packet_bytes: bytes }) {
  return packet ?? JSON.parse(text ?? decoded(bytes));
}

function decoded(bytes) {
  return Buffer.from(bytes, 'base64url').toString('utf8');
}

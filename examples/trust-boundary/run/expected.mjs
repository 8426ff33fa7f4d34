// What must come of each attack. The clients that make them do not see this table.

const BOTH = ['http', 'ws'];

export const EXPECTED = [
  { attack: 'replayed', title: 'Packet replayed', how: 'An accepted packet is sent a second time.', code: 'replayed', transports: BOTH },
  { attack: 'replayed_elsewhere', title: 'Replayed on the other transport', how: 'A packet accepted over HTTP comes again over WebSocket, and the other way round.', code: 'replayed', transports: BOTH },
  { attack: 'payload_changed', title: 'Payload changed', how: 'The status is edited after signing.', code: 'bad_signature', transports: BOTH },
  { attack: 'context_changed', title: 'Context changed', how: 'A packet signed for one event is sent as another.', code: 'bad_signature', transports: BOTH },
  { attack: 'reflected', title: 'Packet reflected', how: 'The server’s own packet is sent back to it.', code: 'bad_signature', transports: BOTH },
  { attack: 'stale', title: 'Too old', how: 'Signed two minutes ago.', code: 'expired', transports: BOTH },
  { attack: 'future', title: 'From the future', how: 'Signed a minute ahead.', code: 'not_yet_valid', transports: BOTH },
  { attack: 'time_changed', title: 'Time changed', how: 'A packet of two minutes ago is given the present time.', code: 'bad_signature', transports: BOTH },
  { attack: 'wrong_key', title: 'Wrong key', how: 'Signed with another secret under the true key id.', code: 'bad_signature', transports: BOTH },
  { attack: 'unknown_key', title: 'Unknown key', how: 'Signed under a key id that the server does not have.', code: 'unknown_key', transports: BOTH },
  { attack: 'revoked_key', title: 'Revoked key', how: 'Signed with a genuine key that has been revoked.', code: 'revoked_key', transports: BOTH },
  { attack: 'signature_forged', title: 'Signature forged', how: 'One character of the signature is changed.', code: 'bad_signature', transports: BOTH },
  { attack: 'member_added', title: 'Member added', how: '“admin”: true is added beside the payload.', code: 'malformed_packet', transports: BOTH },
  { attack: 'member_twice', title: 'Payload sent twice', how: 'Two payloads, one signed: parsers would disagree on which counts.', code: 'malformed_packet', transports: BOTH },
  { attack: 'nonce_array', title: 'Nonce as an array', how: 'The same nonce in brackets, which some stores take for a new one.', code: 'malformed_packet', transports: BOTH },
  { attack: 'expired_token', title: 'Token expired', how: 'A genuine token of one second’s life, used after it.', code: 'token_expired', transports: BOTH },
  { attack: 'wrong_role', title: 'Wrong role', how: 'A genuine token of the role “observer”, which may not send.', code: 'claim_mismatch', transports: BOTH },
  { attack: 'forged_token', title: 'Token forged', how: 'That token with its role rewritten.', code: 'bad_signature', transports: BOTH },
  { attack: 'unsigned_token', title: 'Token unsigned', how: 'The token with “alg”: “none” and no signature.', code: 'unsupported_algorithm', transports: BOTH },
  { attack: 'another_name', title: 'Under another’s name', how: 'One’s own token and packet, at another client’s address.', code: 'claim_mismatch', transports: BOTH },
  { attack: 'more_power', title: 'More power asked for', how: 'A signed request for a token of the role “admin”.', code: 'caller_not_allowed', transports: ['http'] },
];

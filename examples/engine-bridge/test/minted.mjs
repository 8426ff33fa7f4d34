// Tokens as the hub would sign them, but for one thing.

import { Key, TokenIssuer } from 'counterseal';

/** A token with these claims, as the hub's key of tokens signs, if `secret` is its secret. */
export function mint(secret, claims, { id = 'tokens.0', now } = {}) {
  return new TokenIssuer(tokenKey(secret, id)).issue(claims, { expiresIn: 3600, now });
}

/** The hub's key of tokens, if `secret` is its secret. */
export function tokenKey(secret, id = 'tokens.0') {
  return new Key(id, { secret, owner: 'hub', uses: ['token'] });
}

/** A part of a token. */
export function encoded(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

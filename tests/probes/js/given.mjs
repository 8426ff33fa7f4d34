// What the members of a line become before the SDK is called.

/** The line cannot be put to the SDK at all. */
export class Unusable extends Error {}

export function keyring(sdk, line) {
  return new sdk.Keyring(list(line.keys).map((members) => key(sdk, object(members))));
}

export function key(sdk, { id, secret, ...rest }) {
  return new sdk.Key(id, { secret, ...options(rest, Object.keys(rest)) });
}

/** The members named that are there; an optional member is absent, never null. */
export function options(members, names) {
  const given = names.filter((name) => Object.hasOwn(members, name));
  if (given.some((name) => members[name] === null)) throw new Unusable('an optional member is null');
  return Object.fromEntries(given.map((name) => [name, members[name]]));
}

export function oneOf(line, names) {
  const given = names.filter((name) => Object.hasOwn(line, name));
  if (given.length !== 1) throw new Unusable('exactly one form must be given');
  return given[0];
}

export function object(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unusable('a member is not an object');
  return value;
}

export function list(value) {
  if (!Array.isArray(value)) throw new Unusable('a member is not a list');
  return value;
}

export function text(line, name) {
  if (typeof line[name] !== 'string') throw new Unusable('a member is not text');
  return line[name];
}

export function bytes(line, name) {
  return base64url(text(line, name));
}

export function base64url(encoded) {
  if (typeof encoded !== 'string') throw new Unusable('a member is not text');
  // atob is lenient; what does not come back the same was not strict base64url.
  let data;
  try {
    data = Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  } catch {
    throw new Unusable('a member is not base64url');
  }
  if (toBase64Url(data) !== encoded) throw new Unusable('a member is not base64url');
  return data;
}

function toBase64Url(data) {
  const pieces = [];
  for (let at = 0; at < data.length; at += 0x8000) pieces.push(String.fromCharCode(...data.subarray(at, at + 0x8000)));
  return btoa(pieces.join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What came from a peer, in the one form that the line has. */
export function peers(line, [parsed, asText, asBytes]) {
  const form = oneOf(line, [parsed, asText, asBytes]);
  return form === parsed ? line[form] : form === asText ? text(line, form) : bytes(line, form);
}

/** A verifier's options with the guard itself in place of its name. */
export function guardOf({ guards }, { guard: name, ...rest }) {
  if (name !== undefined && !guards.has(name)) throw new Unusable('no guard of that name');
  return { ...rest, guard: guards.get(name) };
}

export function tokenVerifier(sdk, line) {
  const policy = line.policy === undefined ? {} : object(line.policy);
  return new sdk.TokenVerifier(keyring(sdk, line), options(policy, Object.keys(policy)));
}

export function evidence({ keyId, owner, timestamp, nonce, payloadText, data }) {
  const body = data === undefined ? { payload_text: payloadText } : { data: toBase64Url(data) };
  return { key_id: keyId, owner, ts: timestamp, nonce, ...body };
}

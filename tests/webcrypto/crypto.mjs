// HMAC, HKDF, SHA-256 and secret text on the WebCrypto of the runtime.
const { subtle } = globalThis.crypto;

// The base64url text of an HMAC.
export async function hmac(hash, secret, message) {
  const key = await subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign']);
  return Buffer.from(await subtle.sign('HMAC', key, message)).toString('base64url');
}

// 32 bytes of HKDF-SHA256.
export async function hkdf(secret, salt, info) {
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return Buffer.from(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, 256));
}

export async function sha256(message) {
  return Buffer.from(await subtle.digest('SHA-256', message));
}

// The bytes of secret text, whose encoding is named.
export function secretBytes(secret) {
  const colon = secret.indexOf(':');
  const encoding = secret.slice(0, colon);
  if (!['hex', 'base64', 'base64url', 'utf8'].includes(encoding)) throw new Error(`unnamed encoding: ${encoding}`);
  return Buffer.from(secret.slice(colon + 1), encoding);
}

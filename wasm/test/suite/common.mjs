import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

export const SECRET = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
export const NONCE = 'AAECAwQFBgcICQoLDA0ODw';
export const NOW = 1708167234;
/** The type of tickets. */
export const TYP = 'counterseal-ticket+jwt';

/** Calls that must end in this SDK's own error, with this code. */
export function refused(api, code, run, detail) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof api.CountersealError, `not the SDK's own error: ${error?.stack}`);
    assert.equal(error.code, code, error.message);
    if (detail !== undefined) {
      assert.match(error.message, detail);
    }
    return true;
  });
}

/** A signer and a fresh verifier with the same key. */
export function pair(api, options) {
  const key = new api.Key('engine-7', { secret: SECRET });
  return {
    signer: new api.PacketSigner(key),
    verifier: new api.PacketVerifier(new api.Keyring([key]), options),
  };
}

/** The fixed time and nonce of the golden vectors. */
export const at = (context = '') => ({ context, now: NOW, nonce: NONCE });

/** Bytes whose memory is gone. */
export function detached() {
  const bytes = new Uint8Array(32);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** A list that throws at every touch. */
export function revoked() {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

/** What the two ends of a connection hold: a key each, and what the server judges tokens by. */
export function parties(api) {
  const keys = {
    hub: new api.Key('hub-1', { secret: SECRET, owner: 'hub' }),
    engine: new api.Key('engine-7', { secret: SECRET }),
    auth: new api.Key('auth-1', { secret: SECRET.replace('00', 'ff'), uses: ['token'] }),
  };
  const authRing = new api.Keyring([keys.auth]);
  const tokens = new api.TokenVerifier(authRing, { claims: { role: 'engine' } });
  const rings = { hub: new api.Keyring([keys.hub]), engine: new api.Keyring([keys.engine]) };
  const token = (claims = { engineId: 'engine-7' }, expiresIn = 3600) =>
    new api.TokenIssuer(keys.auth).issue({ role: 'engine', ...claims }, { expiresIn, now: NOW });
  return { keys, rings, authRing, tokens, token };
}

/** Both ends of a connection whose handshake is about to begin. */
export function ends(api, options = {}) {
  const { keys, rings, tokens, token } = parties(api);
  const server = api.Session.server('hub', { ...options, now: NOW });
  const client = api.Session.client(keys.engine, { server: 'hub', keyring: rings.hub, ...options, now: NOW, nonce: NONCE });
  return { server, client, keys, rings, tokens, token };
}

/** Both ends of an open connection. */
export function opened(api, options = {}) {
  const both = ends(api, options);
  const { server, client, keys, rings, tokens, token } = both;
  server.accept(client.handshake(token()), { tokens, now: NOW });
  client.establish(server.welcome({ key: keys.hub, keyring: rings.engine, now: NOW }), { now: NOW });
  return both;
}

/** Who may call whom, of whom `gateway` is one. */
export const POLICY = {
  vault: { rules: [{ callers: ['gateway'], methods: ['POST'], paths: ['/a%20b', '/execute'] }], exempt: ['/health'] },
  search: { rules: [{ callers: ['heartbeat'] }] },
};

/** Both ends of a service's calls: a signer, and a fresh verifier that knows its key. */
export function gateway(api, signing = {}, verifying = {}, { id = 'gateway-1', ...rest } = {}) {
  const key = new api.Key(id, { secret: SECRET, owner: 'gateway', ...rest });
  const ring = new api.Keyring([key]);
  const verifier = new api.RequestVerifier(ring, { authorities: ['http://vault.internal:8200'], ...verifying });
  const signer = rest.uses === undefined ? new api.RequestSigner(key, signing) : undefined;
  return { key, ring, signer, verifier };
}

/** The contract's request with a body, as it arrives. */
export function signedRequest(api, given) {
  const [method, target] = ['POST', '/a%2Fb/execute?x=1&y=%C3%A9'];
  const body = new TextEncoder().encode('{"cmd":"run"}');
  const headers = [['Content-Type', 'application/json']];
  const added = gateway(api).signer.sign({ method, url: `http://vault.internal:8200${target}`, headers, body, now: NOW, nonce: NONCE, ...given });
  return { method, target, headers: [['Host', 'vault.internal:8200'], ...headers, ...added], body };
}

/** Claims signed as a ticket by the key of `parties`, which no issuer of this package would sign so. */
export function asTicket(claims) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'HS256', typ: TYP, kid: 'auth-1' })}.${encode(claims)}`;
  const secret = Buffer.from(SECRET.replace('00', 'ff').slice(4), 'hex');
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

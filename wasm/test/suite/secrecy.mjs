import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { at, gateway, NOW, opened, pair, POLICY, SECRET, signedRequest } from './common.mjs';

const HEX = SECRET.slice(4);
const BASE64 = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const READABLE = 'correct-horse-battery-staple-0123456789';

export function secrecy(api) {
  test('only expose() reads a secret back', () => {
    assert.equal(new api.Secret(SECRET).expose(), SECRET);
    assert.equal(new api.Secret('base64url:' + BASE64).expose(), SECRET);
    assert.equal(new api.Secret('base64:' + BASE64 + '=').expose(), SECRET);
    assert.match(api.Secret.generate().expose(), /^hex:[0-9a-f]{64}$/);
    assert.notEqual(api.Secret.generate().expose(), api.Secret.generate().expose());
    const derived = api.derive(SECRET, { purpose: 'worker', owner: 'w-12', keyId: 'w-12.3' });
    assert.ok(derived instanceof api.Secret);
    assert.equal(derived.expose(), 'hex:9245504b2a38180156be86cf8c860f057ef295d2ecdb984728ddac2a843bdf52');
  });

  test('nothing shows a secret', () => {
    const secret = new api.Secret('utf8:' + READABLE);
    const key = new api.Key('k', { secret, owner: 'me' });
    const { signer, verifier } = pair(api);
    const tokenKey = new api.Key('t', { secret, uses: ['token'] });
    const { server, client } = opened(api);
    const { signer: requestSigner, verifier: requestVerifier } = gateway(api);
    // A nonce of its own: the golden one begins as the secret does.
    const { body, ...head } = signedRequest(api, { nonce: undefined });
    const pending = requestVerifier.begin({ ...head, now: NOW });
    const request = requestVerifier.verify({ ...head, body, now: NOW });
    const things = [secret, key, new api.Keyring([key]), signer, verifier, new api.TokenIssuer(tokenKey), new api.TicketIssuer(secret, tokenKey, 'hub'), server, client, requestSigner, requestVerifier, pending, request, new api.Trust(POLICY)];
    for (const thing of things) {
      for (const shown of [inspect(thing, { showHidden: true, depth: 10, getters: true }), inspect({ thing }), String(thing), JSON.stringify({ thing })]) {
        assertSilent(shown);
      }
    }
    assert.deepEqual([inspect(secret), `${secret}`, JSON.stringify(secret)], ['Secret(..)', 'Secret(..)', '"Secret(..)"']);
    assert.deepEqual([inspect(key), JSON.stringify(key)], ['Key(k, owner me)', '{"id":"k","owner":"me"}']);
  });

  test('no error shows a secret', () => {
    const wrong = [
      () => new api.Secret(READABLE),
      () => new api.Secret('hex:' + HEX.slice(0, 20)),
      () => new api.Secret('hex:' + HEX + 'zz'),
      () => new api.Secret('base64:' + BASE64),
      () => new api.Secret({ [READABLE]: READABLE }),
      () => new api.Key('a b', { secret: 'utf8:' + READABLE }),
      () => new api.Key('k', { secret: 'utf8:' + READABLE, owner: 5 }),
      () => new api.Key('k', { secret: 'utf8:' + READABLE, uses: ['token', 'packet'] }),
      () => new api.PacketSigner(new api.Key('k', { secret: 'utf8:' + READABLE })).sign({}, { context: '\n' }),
      () => api.derive('utf8:' + READABLE, { purpose: '', owner: '', keyId: '' }),
      () => api.Session.client(new api.Key('k', { secret: 'utf8:' + READABLE }), { server: 'k', keyring: new api.Keyring() }),
      () => opened(api).client.sign('a b', {}, { now: NOW }),
      () => opened(api).server.verify('e', opened(api).client.sign('e', 1, { now: NOW }), { now: NOW }),
      () => new api.RequestSigner(new api.Key('k', { secret: 'utf8:' + READABLE })).sign({ method: 'GET', url: 'http://u:p@h/' }),
      () => gateway(api, {}, { maxAge: 0 }, { secret: 'utf8:' + READABLE }),
      () => gateway(api, {}, {}, { secret: 'utf8:' + READABLE }).verifier.verify({ ...signedRequest(api), now: NOW }),
      () => new api.TicketIssuer(READABLE, new api.Key('t', { secret: 'utf8:' + READABLE, uses: ['token'] }), 'hub'),
      () => api.ticketKeys('utf8:' + READABLE, {}, 'hub'),
      () => pair(api).verifier.verify(JSON.stringify({ ...pair(api).signer.sign(1, at()), payload: 2 }), { context: '', now: NOW }),
    ];
    for (const run of wrong) {
      assert.throws(run, (error) => {
        assertSilent(`${inspect(error)} ${JSON.stringify(error)} ${error.stack}`);
        return error instanceof api.CountersealError;
      });
    }
  });
}

function assertSilent(shown) {
  for (const material of [HEX.slice(0, 16), BASE64.slice(0, 16), READABLE.slice(0, 16)]) {
    assert.ok(!shown.includes(material), shown);
  }
}

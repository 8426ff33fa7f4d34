import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW, refused, SECRET } from './common.mjs';

const CLAIMS = '{"userId":"dev-user","iat":1708167234,"exp":1708253634}';
const TOKEN =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImF1dGgtMSJ9.eyJ1c2VySWQiOiJkZXYtdXNlciIsImlhdCI6MTcwODE2NzIzNCwiZXhwIjoxNzA4MjUzNjM0fQ.JneEW1kLbF6e-wApFZVqMvOFSRwir_rvUERQ9kV4Dw0';

export function tokens(api) {
  const key = new api.Key('auth-1', { secret: SECRET, uses: ['token'], owner: 'auth' });
  const ring = new api.Keyring([key]);

  test('a token is issued and verified as the contract says', () => {
    const issuer = new api.TokenIssuer(key);
    assert.equal(issuer.issueText(CLAIMS, { now: NOW }), TOKEN);
    assert.equal(issuer.issueText(new TextEncoder().encode(CLAIMS)), TOKEN);
    const verified = new api.TokenVerifier(ring).verify(TOKEN, { now: NOW });
    assert.ok(verified instanceof api.VerifiedToken);
    assert.deepEqual(
      { ...verified },
      {
        claims: JSON.parse(CLAIMS),
        claimsText: '{"exp":1708253634,"iat":1708167234,"userId":"dev-user"}',
        keyId: 'auth-1',
        owner: 'auth',
      },
    );
    assert.equal(new api.TokenVerifier(ring, {}).verify(new TextEncoder().encode(TOKEN), { now: NOW }).owner, 'auth');
  });

  test('claims given as an object get their times and an id', () => {
    const issuer = new api.TokenIssuer(key, { alg: 'HS256' });
    const token = issuer.issue({ role: 'engine' }, { expiresIn: 60, jti: true, now: NOW });
    const { claims } = new api.TokenVerifier(ring, { claims: { role: { any_of: ['engine'] } }, maxAge: 30 }).verify(token, { now: NOW });
    assert.deepEqual([claims.iat, claims.exp, claims.role, typeof claims.jti], [NOW, NOW + 60, 'engine', 'string']);
    refused(api, 'claim_mismatch', () => new api.TokenVerifier(ring, { claims: { role: 'admin' } }).verify(token, { now: NOW }));
    refused(api, 'token_expired', () => new api.TokenVerifier(ring, { leeway: 0 }).verify(token, { now: NOW + 60 }));
  });

  test('what a peer may send in the place of a token is malformed_token', () => {
    for (const token of ['', 'a.b', undefined, null, 5, {}, [TOKEN], 'e\ud800.e.e', new Uint8Array()]) {
      refused(api, 'malformed_token', () => new api.TokenVerifier(ring).verify(token, { now: NOW }));
    }
  });

  test('a wrong token call names what is wrong', () => {
    const issuer = new api.TokenIssuer(key);
    const packetKey = new api.Key('p', { secret: SECRET });
    const calls = [
      [() => new api.TokenIssuer(packetKey)],
      [() => new api.TokenIssuer(key, { alg: 'HS512' })],
      [() => new api.TokenIssuer(key, { algorithm: 'HS256' }), /algorithm/],
      [() => new api.TokenIssuer(), /Key/],
      [() => new api.TokenVerifier(), /Keyring/],
      [() => new api.TokenVerifier(ring, { algorithms: ['none'] })],
      [() => new api.TokenVerifier(ring, { algorithms: [] })],
      [() => new api.TokenVerifier(ring, { audiences: 'x' }), /audiences/],
      [() => new api.TokenVerifier(ring, { leeway: 301 })],
      [() => new api.TokenVerifier(ring, { claims: { f: () => 1 } }), /function/],
      [() => new api.TokenVerifier(ring, 'strict'), /plain object/],
      [() => issuer.issue({}, {}), /expires_in/],
      [() => issuer.issue({}, { expiresIn: 0.5 })],
      [() => issuer.issue({}, { expiresIn: 60, expires: 1 }), /expires/],
      [() => issuer.issue({ at: new Date() }, { expiresIn: 60 }), /claims\["at"\]/],
      [() => issuer.issue([], { expiresIn: 60 })],
      [() => issuer.issue(undefined, { expiresIn: 60 }), /claims/],
      [() => issuer.issueText('[]')],
      [() => issuer.issueText({}), /claimsText/],
      [() => issuer.issueText(CLAIMS, { now: '1' }), /now/],
      [() => new api.TokenVerifier(ring).verify(TOKEN, { now: NOW, context: '' }), /context/],
      [() => new api.TokenVerifier(ring).verify(TOKEN, { now: 1.5 })],
    ];
    for (const [run, detail] of calls) {
      refused(api, 'malformed_argument', run, detail);
    }
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { asTicket, NOW, parties, refused, SECRET, TYP } from './common.mjs';

const MASTER = SECRET;
const JTI = 'EBESExQVFhcYGRobHB0eHw';
const EXPIRES = 1708170834;

export function tickets(api) {
  const { keys, authRing, tokens: ordinary, token } = parties(api);
  const issuer = new api.TicketIssuer(MASTER, keys.auth, 'hub');
  const verifier = new api.TokenVerifier(authRing, { typ: TYP, audience: 'hub' });
  const now = { now: NOW };
  const issue = () => issuer.issue('page-1', { expiresIn: 600, now: NOW });

  test('a ticket comes with a key, and the server makes the same of the token', () => {
    const ticket = issue();
    const verified = verifier.verify(ticket.token, now);
    const { jti } = verified.claims;
    assert.deepEqual(verified.claims, { aud: 'hub', exp: NOW + 600, iat: NOW, jti, sub: 'page-1' });
    assert.deepEqual([ticket.keyId, ticket.expires], [`${jti}.${NOW + 600}`, NOW + 600]);
    assert.ok(ticket.secret instanceof api.Secret);
    const { serverKey, clientKey, ...rest } = api.ticketKeys(MASTER, verified, 'hub');
    assert.ok(serverKey instanceof api.Key && clientKey instanceof api.Key);
    assert.deepEqual([serverKey.id, serverKey.owner, clientKey.id, clientKey.owner, rest], ['hub', 'hub', ticket.keyId, 'page-1', {}]);
    const page = new api.Key(ticket.keyId, { secret: ticket.secret, owner: 'page-1' });
    const packet = new api.PacketSigner(page).sign('x', { context: '', now: NOW });
    assert.equal(new api.PacketVerifier(new api.Keyring([clientKey])).verify(packet, { context: '', now: NOW }).owner, 'page-1');
    refused(api, 'inactive_key', () => new api.PacketSigner(clientKey).sign('x', { context: '', now: NOW + 600 }));
    assert.notEqual(issue().keyId, ticket.keyId);
  });

  test("a ticket's secret is derived as the contract says", () => {
    const claims = { aud: 'hub', exp: EXPIRES, jti: JTI, sub: 'page-1' };
    const { clientKey } = api.ticketKeys(MASTER, verifier.verify(asTicket(claims), now), 'hub');
    const golden = new api.Key(`${JTI}.${EXPIRES}`, { secret: 'hex:10115b70d24a40355f97341616274e8e7e9efe00288214b60b76ca9b389e3418', owner: 'page-1' });
    const at = { context: '', now: NOW, nonce: JTI };
    assert.deepEqual(new api.PacketSigner(clientKey).sign(1, at), new api.PacketSigner(golden).sign(1, at));
  });

  test('a page and a server hold a session by a ticket', () => {
    const ticket = issue();
    const page = new api.Key(ticket.keyId, { secret: ticket.secret.expose(), owner: 'page-1' });
    // The page knows the server by the same secret, under the server's name.
    const hub = new api.Key('hub', { secret: ticket.secret.expose() });
    const client = api.Session.client(page, { server: 'hub', keyring: new api.Keyring([hub]), now: NOW });
    const server = api.Session.server('hub', { identity: 'sub', now: NOW });
    const verified = server.accept(JSON.stringify(client.handshake(ticket.token)), { tokens: verifier, now: NOW });
    const { serverKey, clientKey } = api.ticketKeys(MASTER, verified, 'hub');
    client.establish(server.welcome({ key: serverKey, keyring: new api.Keyring([clientKey]), now: NOW }), now);
    assert.equal(server.verify('look', client.sign('look', { at: 1 }, now), now).owner, 'page-1');
    assert.equal(client.verify('engines', server.sign('engines', [], now), now).owner, 'hub');
    server.verify('heartbeat', client.heartbeat({ now: NOW + 10 }), { now: NOW + 10 });
  });

  test('only a token verified as a ticket has keys', () => {
    const verified = verifier.verify(issue().token, now);
    const copy = Object.assign(Object.create(api.VerifiedToken.prototype), verified);
    const calls = [
      [() => api.ticketKeys(MASTER, ordinary.verify(token(), now), 'hub'), /typ "counterseal-ticket\+jwt" in the policy/],
      [() => api.ticketKeys(MASTER, copy, 'hub'), /typ/],
      [() => api.ticketKeys(MASTER, { ...verified }, 'hub'), /VerifiedToken/],
      [() => api.ticketKeys(MASTER, issue().token, 'hub'), /VerifiedToken/],
      [() => api.ticketKeys(MASTER, undefined, 'hub'), /VerifiedToken/],
      [() => api.ticketKeys(MASTER, verified), /server must be a string/],
      [() => api.ticketKeys(MASTER, verified, 'a b'), /server/],
      [() => api.ticketKeys(MASTER, verified, '\ud800'), /surrogate/],
      [() => api.ticketKeys(MASTER, verified, 5), /server/],
    ];
    for (const [run, detail] of calls) {
      refused(api, 'malformed_argument', run, detail);
    }
    refused(api, 'malformed_key', () => api.ticketKeys(5, verified, 'hub'));
    refused(api, 'weak_secret', () => api.ticketKeys(new Uint8Array(31), verified, 'hub'));
    refused(api, 'malformed_token', () => ordinary.verify(issue().token, now));
    refused(api, 'malformed_token', () => verifier.verify(token(), now));
    refused(api, 'token_expired', () => verifier.verify(issue().token, { now: NOW + 630 }));
    for (const [code, claims] of [
      ['claim_missing', { jti: undefined }],
      ['claim_missing', { sub: undefined }],
      ['claim_invalid', { jti: 'short' }],
      ['claim_invalid', { sub: 'a b' }],
      ['claim_invalid', { exp: EXPIRES + 0.5 }],
    ]) {
      const odd = verifier.verify(asTicket({ aud: 'hub', exp: EXPIRES, jti: JTI, sub: 'page-1', ...claims }), now);
      refused(api, code, () => api.ticketKeys(MASTER, odd, 'hub'));
    }
  });

  test('a wrong call for a ticket names what is wrong', () => {
    const calls = [
      [() => new api.TicketIssuer(MASTER), /Key/],
      [() => new api.TicketIssuer(MASTER, keys.auth), /audience/],
      [() => new api.TicketIssuer(MASTER, keys.auth, ''), /audience/],
      [() => new api.TicketIssuer(MASTER, keys.auth, ['hub']), /audience/],
      [() => new api.TicketIssuer(MASTER, keys.auth, '\ud800'), /surrogate/],
      [() => new api.TicketIssuer(MASTER, keys.engine, 'hub')],
      [() => new api.TicketIssuer(MASTER, { id: 'auth-1' }, 'hub'), /Key/],
      [() => issuer.issue(), /owner/],
      [() => issuer.issue('page-1'), /expires_in/],
      [() => issuer.issue('page-1', {}), /expires_in/],
      [() => issuer.issue('page-1', 60), /plain object/],
      [() => issuer.issue('page-1', { expiresIn: '60' }), /expires_in/],
      [() => issuer.issue('page-1', { expiresIn: 0.5 }), /expires_in/],
      [() => issuer.issue('page-1', { expiresIn: 0 })],
      [() => issuer.issue('page-1', { expiresIn: NaN }), /NaN/],
      [() => issuer.issue('page-1', { expiresIn: 60n }), /bigint/],
      [() => issuer.issue('page-1', { expiresIn: 60, ttl: 1 }), /ttl/],
      [() => issuer.issue('page-1', { get expiresIn() { throw new Error('called'); } }), /getter/],
      [() => issuer.issue('page-1', { expiresIn: 60, [Symbol('s')]: 1 }), /symbol/],
      [() => issuer.issue('page-1', { expiresIn: 60, now: 1.5 }), /now/],
      [() => issuer.issue('page-1', { expiresIn: 60, now: '1' }), /now/],
      [() => issuer.issue(undefined, { expiresIn: 60 }), /owner must be a string/],
      [() => issuer.issue(5, { expiresIn: 60 }), /owner/],
      [() => issuer.issue('a b', { expiresIn: 60 }), /owner/],
      [() => issuer.issue('', { expiresIn: 60 }), /owner/],
      [() => issuer.issue('\ud800', { expiresIn: 60 }), /surrogate/],
    ];
    for (const [run, detail] of calls) {
      refused(api, 'malformed_argument', run, detail);
    }
    refused(api, 'malformed_key', () => new api.TicketIssuer(5, keys.auth, 'hub'));
    refused(api, 'weak_secret', () => new api.TicketIssuer('hex:00', keys.auth, 'hub'));
    const revoked = new api.Key('auth-2', { secret: SECRET, uses: ['token'], revoked: true });
    refused(api, 'revoked_key', () => new api.TicketIssuer(MASTER, revoked, 'hub').issue('page-1', { expiresIn: 60 }));
  });

  test('a ticket shows its secret nowhere', () => {
    const ticket = issue();
    const hex = ticket.secret.expose().slice(4);
    const { serverKey, clientKey } = api.ticketKeys(MASTER, verifier.verify(ticket.token, now), 'hub');
    for (const thing of [ticket, issuer, serverKey, clientKey]) {
      for (const shown of [inspect(thing, { showHidden: true, depth: 10, getters: true }), JSON.stringify(thing), String(thing)]) {
        assert.ok(!shown.includes(hex.slice(0, 16)) && !shown.includes(MASTER.slice(4, 20)), shown);
      }
    }
  });
}

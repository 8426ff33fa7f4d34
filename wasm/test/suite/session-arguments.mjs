import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detached, ends, NONCE, NOW, opened, refused } from './common.mjs';

const now = { now: NOW };

export function wrongSessionCalls(api) {
  test('a wrong call of a session names what is wrong, and ends nothing', () => {
    const { server, client, keys, rings, tokens } = opened(api);
    const fresh = ends(api);
    const named = { server: 'hub', keyring: rings.hub };
    const calls = [
      [() => new api.Session(), /Session\.server or Session\.client/],
      [() => new api.Session(Symbol('session'), {}, 5), /Session\.server or Session\.client/],
      [() => api.Session.server(), /name must be a string/],
      [() => api.Session.server(5), /name/],
      [() => api.Session.server('a b'), /name/],
      [() => api.Session.server('\ud800'), /surrogate/],
      [() => api.Session.server('hub', 5), /plain object/],
      [() => api.Session.server('hub', null), /plain object/],
      [() => api.Session.server('hub', new Map()), /plain object/],
      [() => api.Session.server('hub', { heartbeats: 5 }), /heartbeats/],
      [() => api.Session.server('hub', { heartbeatwindow: 5 }), /heartbeatwindow/],
      [() => api.Session.server('hub', { server: 'hub' }), /server/],
      [() => api.Session.server('hub', { heartbeatWindow: 5, heartbeat_window: 5 }), /twice/],
      [() => api.Session.server('hub', { heartbeatWindow: '5' }), /heartbeat_window/],
      [() => api.Session.server('hub', { heartbeatWindow: 1.5 }), /heartbeat_window/],
      [() => api.Session.server('hub', { heartbeatWindow: 4 }), /heartbeat_every/],
      [() => api.Session.server('hub', { heartbeatWindow: NaN }), /NaN/],
      [() => api.Session.server('hub', { heartbeatWindow: null }), /heartbeat_window/],
      [() => api.Session.server('hub', { handshakeWindow: 0 }), /handshake_window/],
      [() => api.Session.server('hub', { handshakeWindow: 5n }), /bigint/],
      [() => api.Session.server('hub', { onRefusal: 'ignore' }), /close or keep/],
      [() => api.Session.server('hub', { onRefusal: false })],
      [() => api.Session.server('hub', { identity: '' }), /identity/],
      [() => api.Session.server('hub', { identity: 5 }), /identity/],
      [() => api.Session.server('hub', { maxAge: 3601 }), /max_age/],
      [() => api.Session.server('hub', { maxAhead: 0 }), /max_ahead/],
      [() => api.Session.server('hub', { bodyLimit: -1 }), /body_limit/],
      [() => api.Session.server('hub', { guardCapacity: 0 }), /guard_capacity/],
      [() => api.Session.server('hub', { get maxAge() { throw new Error('called'); } }), /getter/],
      [() => api.Session.server('hub', { [Symbol('maxAge')]: 5 }), /symbol/],
      [() => api.Session.server('hub', { now: 1.5 }), /now/],
      [() => api.Session.server('hub', { now: new Date() }), /now/],
      [() => api.Session.client(), /Key/],
      [() => api.Session.client({ id: 'k' }, named), /Key/],
      [() => api.Session.client(keys.auth, named), /not for packets|use/],
      [() => api.Session.client(keys.engine), /server/],
      [() => api.Session.client(keys.engine, 'hub'), /plain object/],
      [() => api.Session.client(keys.engine, { server: 'hub' }), /Keyring/],
      [() => api.Session.client(keys.engine, { server: 'hub', keyring: [keys.hub] }), /Keyring/],
      [() => api.Session.client(keys.engine, { keyring: rings.hub }), /server/],
      [() => api.Session.client(keys.engine, { ...named, server: 'a b' }), /server/],
      [() => api.Session.client(keys.engine, { ...named, get server() { throw new Error('called'); } }), /getter/],
      [() => api.Session.client(keys.engine, { ...named, nonce: 'short' }), /nonce/],
      [() => api.Session.client(keys.engine, { ...named, nonce: [NONCE] }), /nonce/],
      [() => api.Session.client(keys.engine, { ...named, now: '1' }), /now/],
      [() => api.Session.client(keys.engine, { ...named, tokens }), /tokens/],
      [() => fresh.client.handshake(), /token/],
      [() => fresh.client.handshake(new Uint8Array()), /token/],
      [() => fresh.client.handshake('\udfff'), /surrogate/],
      [() => fresh.server.accept({}), /tokens must be a TokenVerifier/],
      [() => fresh.server.accept({}, {}), /TokenVerifier/],
      [() => fresh.server.accept({}, tokens), /plain object/],
      [() => fresh.server.accept({}, { tokens: { verify() {} } }), /TokenVerifier/],
      [() => fresh.server.accept({}, { tokens: Object.create(api.TokenVerifier.prototype) }), /TokenVerifier/],
      [() => fresh.server.accept({}, { tokens, ring: 1 }), /ring.*tokens, now/],
      [() => fresh.server.accept({}, { tokens, now: -1 }), /now/],
      [() => fresh.server.accept(detached(), { tokens, now: NOW }), /detached/],
      [() => server.welcome(), /Key/],
      [() => server.welcome({ key: keys.hub }), /Keyring/],
      [() => server.welcome({ keyring: rings.hub }), /Key/],
      [() => server.welcome({ key: keys.hub, keyring: rings.hub, nonce: 5 }), /nonce/],
      [() => server.welcome({ key: keys.hub, keyring: rings.hub, id: NONCE }), /id.*key, keyring, now, nonce/],
      [() => client.establish({}, { now: NaN }), /now/],
      [() => client.establish({}, { context: '' }), /context/],
      [() => client.establish(detached(), now), /detached/],
      [() => client.sign(), /event must be a string/],
      [() => client.sign(5, {}), /event/],
      [() => client.sign(Symbol('e'), {}), /event/],
      [() => client.sign(new String('e'), {}), /event/],
      [() => client.sign('a b', {}, now), /event/],
      [() => client.sign('', {}, now), /event/],
      [() => client.sign('\ud800', {}, now), /surrogate/],
      [() => client.sign('x'.repeat(65), {}, now), /event/],
      [() => client.sign('heartbeat', {}, now), /heartbeat\(\)/],
      [() => client.sign('welcome', {}, now), /welcome\(\)/],
      [() => client.sign('e', 1, { context: '' }), /context.*now, nonce/],
      [() => client.sign('e', 1, { now: 1.5 }), /now/],
      [() => client.sign('e', 1, { now: BigInt(NOW) }), /now/],
      [() => client.sign('e', 1, { nonce: 'short' }), /nonce/],
      [() => client.sign('e', 1, { nonce: 5 }), /nonce/],
      [() => client.sign('e', 1, 5), /plain object/],
      [() => client.sign('e', 1, { get now() { throw new Error('called'); } }), /getter/],
      [() => client.signBytes('e', 'text', now), /data must be a Uint8Array/],
      [() => client.signBytes('e', undefined, now), /data/],
      [() => client.signBytes('e', [1, 2], now), /Uint8Array/],
      [() => client.signBytes('e', detached(), now), /detached/],
      [() => client.signBytes(['e'], new Uint8Array(), now), /event/],
      [() => client.signBytes('heartbeat', new Uint8Array(), now), /heartbeat\(\)/],
      [() => client.heartbeat({ event: 'heartbeat' }), /event/],
      [() => client.heartbeat('now'), /plain object/],
      [() => server.verify('e', '{}', { context: '' }), /context/],
      [() => server.verify('e', '{}', { now: 'x' }), /now/],
      [() => server.verify('e', detached(), now), /detached/],
      [() => server.poll(NOW), /plain object/],
      [() => server.poll({ now: Infinity }), /now/],
      [() => server.poll({ nonce: NONCE }), /nonce/],
    ];
    for (const [run, detail] of calls) {
      refused(api, 'malformed_argument', run, detail);
    }
    refused(api, 'caller_not_allowed', () => api.Session.client(keys.engine, { ...named, server: 'engine-7' }));
    refused(api, 'malformed_argument', () => accepted(api).server.welcome({ key: keys.engine, keyring: rings.engine, now: NOW }), /hub/);
    assert.deepEqual([server, client, fresh.server, fresh.client].map(({ state }) => state), ['open', 'open', 'handshake', 'handshake']);
    assert.equal(server.verify('e', client.sign('e', 1, now), now).payload, 1);
  });
}

function accepted(api) {
  const both = ends(api);
  both.server.accept(both.client.handshake(both.token()), { tokens: both.tokens, now: NOW });
  return both;
}

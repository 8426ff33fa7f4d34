import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { ends, NONCE, NOW, opened, refused } from './common.mjs';

const ID = 'EBESExQVFhcYGRobHB0eHw';
const WELCOME = {
  v: 1,
  kid: 'hub-1',
  ts: NOW + 1,
  nonce: ID,
  payload: { session: ID },
  sig: 'FzAPGwwl9jcsqIy_k76eh1_Nc6OVNhnXgj2yE9gA6GQ',
};
const now = { now: NOW };

export function sessions(api) {
  test('both ends come to an open session, and the welcome is as the contract says', () => {
    const { server, client, keys, rings, tokens, token } = ends(api);
    assert.deepEqual(standing(server), ['handshake', undefined, undefined, undefined, NOW + 11]);
    assert.deepEqual(standing(client), ['handshake', undefined, 'hub', undefined, NOW + 11]);
    const handshake = client.handshake(token());
    assert.deepEqual(handshake, { nonce: NONCE, token: token() });
    const verified = server.accept(handshake, { tokens, now: NOW });
    assert.ok(verified instanceof api.VerifiedToken);
    assert.deepEqual([verified.claims.engineId, verified.keyId, server.peer], ['engine-7', 'auth-1', 'engine-7']);
    const welcome = server.welcome({ key: keys.hub, keyring: rings.engine, now: NOW + 1, nonce: ID });
    assert.deepEqual(welcome, WELCOME);
    assert.equal(client.establish(welcome, { now: NOW + 1 }), undefined);
    assert.deepEqual(standing(server), ['open', undefined, 'engine-7', ID, NOW + 6]);
    assert.deepEqual(standing(client), ['open', undefined, 'hub', ID, NOW + 1]);
  });

  test('packets and heartbeats go both ways, as text, bytes and objects', () => {
    const { server, client } = opened(api);
    const forms = [(packet) => packet, JSON.stringify, encode, (packet) => encode(packet).buffer];
    for (const form of forms) {
      const { payload, owner, keyId } = server.verify('engine_status', form(client.sign('engine_status', { job: 42, list: [1.0, null] }, now)), now);
      assert.deepEqual([payload, owner, keyId], [{ job: 42, list: [1, null] }, 'engine-7', 'engine-7']);
      assert.deepEqual(client.verify('job', form(server.signBytes('job', Uint8Array.of(0, 255), now)), now).data, Uint8Array.of(0, 255));
      const heartbeat = client.heartbeat(now);
      assert.deepEqual(heartbeat.payload, {});
      assert.ok(server.verify('heartbeat', form(heartbeat), now) instanceof api.Verified);
    }
    const { nonce, ts } = client.sign('engine_status', 1, { now: NOW + 3, nonce: NONCE });
    assert.deepEqual([nonce, ts], [NONCE, NOW + 3]);
  });

  test('a session lives by the clock and random nonces where none is given', () => {
    const { keys, rings, tokens } = ends(api);
    const [server, client] = [api.Session.server('hub'), api.Session.client(keys.engine, { server: 'hub', keyring: rings.hub })];
    const token = new api.TokenIssuer(keys.auth).issue({ engineId: 'engine-7', role: 'engine' }, { expiresIn: 60 });
    server.accept(client.handshake(token), { tokens });
    client.establish(server.welcome({ key: keys.hub, keyring: rings.engine }));
    assert.match(server.id, /^[\w-]{22}$/);
    assert.equal(client.id, server.id);
    assert.deepEqual([client.poll(), server.poll()], [true, false]);
    server.verify('heartbeat', client.heartbeat());
    assert.equal(server.verify('engine_status', client.sign('engine_status', 'x')).payload, 'x');
    assert.equal(server.verify('engine_log', client.signBytes('engine_log', new Uint8Array())).data.length, 0);
    assert.ok(Math.abs(client.deadline - Date.now() / 1000) < 10);
  });

  test('poll says when a heartbeat is due, and ends a session that has heard none', () => {
    const { server, client } = opened(api);
    assert.equal(client.poll(now), true);
    server.verify('heartbeat', client.heartbeat(now), now);
    assert.deepEqual([client.poll(now), client.deadline, client.poll({ now: NOW + 5 })], [false, NOW + 5, true]);
    assert.equal(server.poll({ now: NOW + 15 }), true);
    refused(api, 'heartbeat_missed', () => server.poll({ now: NOW + 16 }));
    assert.deepEqual(standing(server), ['ended', 'heartbeat_missed', 'engine-7', undefined, undefined]);
  });

  test('a refusal ends a session, and every later call says why', () => {
    const { server, client, keys, rings, tokens } = opened(api);
    const packet = client.sign('engine_status', 1, now);
    const other = client.sign('engine_status', 2, now);
    refused(api, 'bad_signature', () => server.verify('job', packet, now));
    assert.deepEqual(standing(server), ['ended', 'bad_signature', 'engine-7', undefined, undefined]);
    const calls = [
      () => server.handshake('token'),
      () => server.verify('engine_status', other, now),
      () => server.verify(5, undefined, now),
      () => server.sign('job', 1, now),
      () => server.sign('job', undefined, now),
      () => server.signBytes('job', new Uint8Array(), now),
      () => server.heartbeat(now),
      () => server.poll(now),
      () => server.accept({}, { tokens, now: NOW }),
      () => server.welcome({ key: keys.hub, keyring: rings.engine, now: NOW }),
      () => server.establish(WELCOME, now),
    ];
    for (const run of calls) {
      refused(api, 'bad_signature', run, /the session has ended/);
    }
    server.close();
    assert.equal(server.code, 'bad_signature');
  });

  test('each end refuses what is not of this session', () => {
    const other = opened(api);
    const cases = [
      ['replayed', ({ server }, sent) => [sent, sent].map((packet) => server.verify('e', packet, now))],
      ['bad_signature', ({ client }, sent) => client.verify('e', { ...sent, kid: 'hub-1' }, now)],
      ['unknown_key', ({ client }, sent) => client.verify('e', sent, now)],
      ['bad_signature', ({ server }) => server.verify('e', other.client.sign('e', 1, now), now)],
      ['expired', ({ server, client }) => {
        server.verify('heartbeat', client.heartbeat({ now: NOW + 10 }), { now: NOW + 10 });
        server.verify('e', client.sign('e', 1, now), { now: NOW + 11 });
      }, { maxAge: 10 }],
      ['not_yet_valid', ({ server, client }) => server.verify('e', client.sign('e', 1, { now: NOW + 3 }), now), { maxAhead: 2 }],
      ['malformed_payload', ({ server, client }) => server.verify('heartbeat', { ...client.heartbeat(now), payload: undefined }, now)],
      ['revoked_key', ({ server, rings }, sent) => [rings.engine.revoke('engine-7'), server.verify('e', sent, now)]],
    ];
    for (const [code, run, options] of cases) {
      const both = opened(api, options);
      refused(api, code, () => run(both, both.client.sign('e', 1, now)));
      assert.deepEqual([both.server.code, both.client.code].filter(Boolean), [code], code);
    }
  });

  test('a host may keep a session whose packet was refused', () => {
    const { server, client } = opened(api, { onRefusal: 'keep' });
    for (const event of [undefined, null, 5, '', 'a b', 'e\n', '\ud800', {}, ['e'], Symbol('e'), 1n, () => 'e', new String('e')]) {
      refused(api, 'malformed_packet', () => server.verify(event, client.sign('e', 1, now), now), /event/);
    }
    for (const packet of [undefined, null, 5, NaN, '', '{}', [], {}, new Map(), Symbol('s'), 1n, () => 1, new Uint16Array(1), { v: 1, get kid() { throw new Error('called'); } }]) {
      refused(api, 'malformed_packet', () => server.verify('e', packet, now));
    }
    refused(api, 'malformed_payload', () => server.verify('e', { ...client.sign('e', 1, now), payload: new Date() }, now), /payload"\] is neither a plain/);
    refused(api, 'unsupported_version', () => server.verify('e', { ...client.sign('e', 1, now), v: 2 }, now));
    assert.deepEqual([server.state, server.code], ['open', undefined]);
    assert.equal(server.verify('e', client.sign('e', 1, now), now).payload, 1);
  });

  test('an event or a packet that is none ends a session, whatever its type', () => {
    for (const [event, packet] of [[undefined, '{}'], ['e', undefined], [Symbol('e'), Symbol('p')]]) {
      const { server } = opened(api);
      refused(api, 'malformed_packet', () => server.verify(event, packet, now));
      assert.equal(server.code, 'malformed_packet');
    }
  });

  test('a handshake is judged strictly, whatever form it comes in', () => {
    for (const form of [(handshake) => handshake, JSON.stringify, encode, (handshake) => encode(handshake).buffer]) {
      const { server, client, tokens, token } = ends(api);
      assert.equal(server.accept(form(client.handshake(token())), { tokens, now: NOW }).claims.role, 'engine');
    }
    const { token } = ends(api);
    const good = { nonce: NONCE, token: token() };
    const wrong = [
      ['malformed_packet', undefined], ['malformed_packet', null], ['malformed_packet', 5], ['malformed_packet', Symbol('s')],
      ['malformed_packet', []], ['malformed_packet', [good]], ['malformed_packet', new Map(Object.entries(good))], ['malformed_packet', new Uint8Array()],
      ['malformed_packet', ''], ['malformed_packet', '{"nonce":'], ['malformed_packet', `${JSON.stringify(good)}x`], ['malformed_packet', '\ud800'],
      ['malformed_packet', {}], ['malformed_packet', { nonce: NONCE }], ['malformed_packet', { token: token() }], ['malformed_packet', { ...good, extra: 1 }],
      ['malformed_packet', { ...good, nonce: [NONCE] }], ['malformed_packet', { ...good, nonce: 'short' }], ['malformed_packet', { ...good, nonce: undefined }],
      ['malformed_packet', { ...good, [Symbol('s')]: 1 }], ['malformed_packet', { ...good, token: new String(token()) }], ['malformed_packet', { ...good, token: '\ud800' }],
      ['malformed_packet', Object.defineProperty({ ...good }, 'token', { get: () => assert.fail('called'), enumerable: true })],
      ['malformed_packet', Object.assign(Object.create({}), good)],
      ['malformed_token', { ...good, token: 'a.b' }], ['token_too_large', { ...good, token: 'x'.repeat(8193) }],
      ['payload_too_large', { ...good, token: 'x'.repeat(100_000) }], ['payload_too_large', { extra: Array(40_000).fill(0) }],
      ['payload_too_large', ' '.repeat(100_000)],
      ['claim_mismatch', { ...good, token: token({ role: 'page' }) }], ['claim_missing', { ...good, token: token({}) }],
      ['claim_invalid', { ...good, token: token({ engineId: 'a b' }) }], ['caller_not_allowed', { ...good, token: token({ engineId: 'hub' }) }],
      ['token_expired', { ...good, token: token(undefined, 1) }, { now: NOW + 31 }],
    ];
    for (const [code, handshake, at] of wrong) {
      const { server, tokens } = ends(api, { handshakeWindow: 60 });
      refused(api, code, () => server.accept(handshake, { tokens, now: NOW, ...at }));
      assert.deepEqual([server.state, server.code, server.peer], ['ended', code, undefined]);
    }
    refused(api, 'malformed_packet', () => ends(api).server.accept({ ...good, token: 5n }, { tokens: ends(api).tokens, now: NOW }), /handshake\["token"\] is a bigint/);
  });

  test('every option has its effect under its name', () => {
    const stated = (options) => standing(api.Session.server('hub', { ...options, now: NOW }))[4];
    assert.deepEqual([stated({ handshakeWindow: 4 }), stated({ handshake_window: 4 }), stated({ handshakeWindow: undefined })], [NOW + 5, NOW + 5, NOW + 11]);
    const late = ends(api, { handshakeWindow: 1 });
    refused(api, 'heartbeat_missed', () => late.server.accept(late.client.handshake(late.token()), { tokens: late.tokens, now: NOW + 2 }));
    refused(api, 'heartbeat_missed', () => late.client.establish(WELCOME, { now: NOW + 2 }));

    assert.equal(opened(api, { heartbeatEvery: 3 }).server.deadline, NOW + 3);
    refused(api, 'heartbeat_missed', () => opened(api, { heartbeatWindow: 6 }).server.poll({ now: NOW + 7 }));
    assert.equal(opened(api, { heartbeatWindow: 7 }).server.poll({ now: NOW + 7 }), true);

    const named = ends(api, { identity: 'name' });
    named.server.accept(named.client.handshake(named.token({ name: 'seven' })), { tokens: named.tokens, now: NOW });
    assert.equal(named.server.peer, 'seven');

    const small = opened(api, { bodyLimit: 50 });
    refused(api, 'payload_too_large', () => small.client.sign('e', 'x'.repeat(49), now));
    refused(api, 'payload_too_large', () => small.client.sign('e', Array(10_000).fill(0), now));
    assert.equal(small.client.sign('e', 'x'.repeat(48), now).payload.length, 48);

    const full = opened(api, { guardCapacity: 1 });
    full.server.verify('e', full.client.sign('e', 1, now), now);
    refused(api, 'rate_limited', () => full.server.verify('e', full.client.sign('e', 2, now), now));
  });

  test('closing a session, and calls out of turn', () => {
    const { server, client, keys, rings, tokens, token } = ends(api);
    const misplaced = [
      () => server.handshake(token()),
      () => server.welcome({ key: keys.hub, keyring: rings.engine, now: NOW }),
      () => server.establish(WELCOME, now),
      () => client.accept(client.handshake(token()), { tokens, now: NOW }),
      () => client.sign('e', 1, now),
      () => client.heartbeat(now),
      () => client.verify('e', {}, now),
    ];
    for (const run of misplaced) {
      refused(api, 'malformed_argument', run, /is for/);
    }
    assert.deepEqual([server.state, client.state, client.poll(now)], ['handshake', 'handshake', false]);
    client.close();
    assert.deepEqual(standing(client), ['ended', undefined, 'hub', undefined, undefined]);
    refused(api, 'malformed_argument', () => client.poll(now), /closed on this side/);
    refused(api, 'malformed_argument', () => opened(api).client.handshake('t'), /handshake is for/);
  });

  test('what JSON cannot carry is no payload of a session, and named', () => {
    const { client } = opened(api);
    for (const [payload, detail] of [[undefined, /payload is undefined/], [{ a: [NaN] }, /payload\["a"\]\[0\] is NaN/], [new Date(), /plain/], [Uint8Array.of(1), /plain/], [1n, /bigint/], ['\ud800', /surrogate/], [{ get a() { throw new Error('called'); } }, /getter/]]) {
      refused(api, 'malformed_payload', () => client.sign('e', payload, now), detail);
    }
    assert.equal(client.state, 'open');
  });

  test('a session shows how it stands, and nothing it holds', () => {
    const { server, client } = opened(api);
    refused(api, 'malformed_packet', () => server.verify('e', '', now));
    client.close();
    for (const [session, shown] of [[opened(api).client, 'Session(open, hub)'], [ends(api).server, 'Session(handshake)'], [server, 'Session(ended, engine-7, malformed_packet)'], [client, 'Session(ended, hub)']]) {
      assert.deepEqual([inspect(session), String(session), JSON.stringify({ session })], [shown, shown, '{"session":{}}']);
    }
  });

  test('a peer learns the class of an error, and the clock of a packet refused for its age alone', () => {
    const told = (code) => api.refusal(new api.CountersealError(code, 'why'), now);
    assert.deepEqual(told('bad_signature'), { class: 'unauthorized', status: 401 });
    assert.deepEqual(told('replay_guard_full'), { class: 'unavailable', status: 503 });
    for (const code of ['expired', 'not_yet_valid']) {
      assert.deepEqual(told(code), { class: 'unauthorized', status: 401, now: NOW });
      assert.ok(Math.abs(api.refusal(new api.CountersealError(code, 'why')).now - Date.now() / 1000) < 5);
    }
    for (const { code, class: klass, status } of api.errorList()) {
      assert.deepEqual([told(code).class, told(code).status], [klass, status]);
      assert.ok(!JSON.stringify(told(code)).includes(code));
    }
    const error = new api.CountersealError('expired', 'why');
    for (const [run, detail] of [
      [() => api.refusal(), /CountersealError/],
      [() => api.refusal(new Error('x')), /CountersealError/],
      [() => api.refusal('expired'), /CountersealError/],
      [() => api.refusal({ code: 'expired' }), /CountersealError/],
      [() => api.refusal(new api.CountersealError('wrong', 'why')), /closed list/],
      [() => api.refusal(new api.CountersealError(5, 'why')), /code must be a string/],
      [() => api.refusal(error, { now: 1.5 }), /now/],
      [() => api.refusal(error, { now: '1' }), /now/],
      [() => api.refusal(error, { code: 'x' }), /code/],
      [() => api.refusal(error, 5), /plain object/],
    ]) {
      refused(api, 'malformed_argument', run, detail);
    }
  });
}

function standing({ state, code, peer, id, deadline }) {
  return [state, code, peer, id, deadline];
}

function encode(value) {
  return new TextEncoder().encode(JSON.stringify(value));
}

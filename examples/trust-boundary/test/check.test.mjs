// The check can fail: a run as it must be passes, and each way of doctoring it is found.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PARTIES, CLIENTS } from '../run/cast.mjs';
import { check } from '../run/check.mjs';
import { EXPECTED } from '../run/expected.mjs';

const PAYLOADS = 3;
const NAMES = CLIENTS.map(({ name }) => name);
const ERRORS = EXPECTED.map(({ code }) => (code === 'caller_not_allowed' ? { code, class: 'forbidden', status: 403 } : { code, class: 'unauthorized', status: 401 }));

test('a run as it must be has no fault, and no empty cell', () => {
  const report = judge(() => {});
  assert.deepEqual(report.faults, []);
  assert.deepEqual(report.matrix.map(({ cells }) => cells.map(({ count }) => count)), [
    [PAYLOADS, 2 * PAYLOADS, 2 * PAYLOADS, 2 * PAYLOADS],
    ...NAMES.map(() => [2 * PAYLOADS, PAYLOADS, PAYLOADS, PAYLOADS]),
  ]);
  assert.equal(report.refusals.length, EXPECTED.length);
  assert.equal(report.putOff, 1);
});

const DOCTORED = {
  'the server verified one packet less': [({ audit }) => audit.splice(audit.findIndex(({ event }) => event === 'payload'), 1), /engine-7 → hub|planner-1 → hub/],
  'a client verified one of the server’s less': [({ clients }) => clients['page-1'].exchange.verified.ws--, /hub → page-1 \(ws\): 2 of 3/],
  'a client verified none over one transport': [({ clients }) => delete clients['page-1'].exchange.verified.http, /hub → page-1 \(http\): no of 3/],
  'a client verified one of a peer’s less': [({ clients }) => clients['page-1'].mesh.verified['engine-7']--, /engine-7 → page-1 \(relayed\): 2 of 3/],
  'the server did not exchange with itself': [({ audit }) => audit.shift(), /hub → hub \(process\): 0 of 3/],
  'a client did not finish': [({ clients }) => delete clients['engine-7'], /engine-7 did not say/],
  'an exchange is missing': [({ clients }) => delete clients['engine-7'].exchange, /hub → engine-7 \(http\): no of 3/],
  'a peer exchange is missing': [({ clients }) => delete clients['engine-7'].mesh, /planner-1 → engine-7 \(relayed\): 0 of 3/],
  'attacks are missing': [({ clients }) => delete clients['engine-7'].attempts, /replayed by engine-7 over http: tried 0 times/],
  'one attack is missing': [({ clients }) => clients['page-1'].attempts.pop(), /by page-1 .*tried 0 times/],
  'one attack came twice': [({ clients }) => clients['page-1'].attempts.push(clients['page-1'].attempts[0]), /by page-1 .*tried 2 times/],
  'an attack was accepted': [({ audit }) => Object.assign(refusalOf(audit, 'replayed'), { accepted: true, code: null }), /replayed by planner-1 over http: ACCEPTED/],
  'an attack met another code': [({ audit }) => Object.assign(refusalOf(audit, 'replayed'), { code: 'expired' }), /refused with expired instead of replayed/],
  'an attack is not in the log': [({ audit }) => audit.splice(audit.indexOf(refusalOf(audit, 'replayed')), 1), /0 lines in the audit log/],
  'an attack stands in the log twice': [({ audit }) => audit.push(refusalOf(audit, 'replayed')), /2 lines in the audit log/],
  'the peer learned the code': [({ clients }) => (clients['page-1'].attempts[0].told.code = 'replayed'), /the peer was told/],
  'the peer learned another class': [({ clients }) => (clients['page-1'].attempts[0].told.error = 'invalid'), /the peer was told/],
  'the peer learned another status': [({ clients }) => (clients['page-1'].attempts[0].told.status = 400), /the peer was told/],
  'a genuine packet afterwards was refused': [({ clients }) => (clients['page-1'].attempts[0].after.told.status = 401), /a genuine packet afterwards was refused/],
  'a genuine packet afterwards is not in the log': [({ clients }) => (clients['page-1'].attempts[0].after.request = 'none'), /a genuine packet afterwards was refused/],
  'a genuine message was refused': [({ audit }) => audit.push({ request: 'x', transport: 'ws', from: 'page-1', event: 'payload', accepted: false, code: 'expired' }), /a genuine message of page-1 was refused: expired/],
  'an event was put off': [({ audit }) => audit.push({ request: 'x', transport: 'ws', from: 'page-1', event: 'payload', accepted: false, code: 'replay_guard_starting' }), /a genuine message/],
  'an attack that nobody expects': [({ clients }) => clients['page-1'].attempts.push({ attack: 'odd', transport: 'http', request: 'page-1.1', told: {}, after: {} }), /nobody expects: odd/],
  'Node ran on the fallback': [({ clients }) => (clients['engine-7'].about.engine = 'wasm'), /engine-7 runs on wasm instead of native/],
  'the browser did not run wasm': [({ clients }) => (clients['page-1'].about.engine = 'native'), /page-1 runs on native instead of wasm/],
  'a secret was written': [(results) => results.leaked.push('hub'), /hub wrote a secret/],
};

for (const [what, [doctor, found]] of Object.entries(DOCTORED)) {
  test(`found: ${what}`, () => {
    const { faults } = judge(doctor);
    assert.ok(faults.some((fault) => found.test(fault)), `no fault like ${found} in ${JSON.stringify(faults)}`);
  });
}

function judge(doctor) {
  const results = genuine();
  doctor(results);
  return check({ parties: PARTIES, results, expected: EXPECTED, errors: ERRORS });
}

function genuine() {
  const audit = [{ exchanged: PAYLOADS }];
  const log = (line) => audit.push({ accepted: true, code: null, ...line });
  log({ request: 'early', transport: 'http', from: NAMES[0], event: 'token', accepted: false, code: 'replay_guard_starting' });
  for (const from of NAMES) {
    for (const transport of ['http', 'ws']) {
      for (let at = 0; at < PAYLOADS; at++) log({ request: `${from}.e${transport}${at}`, transport, from, event: 'payload' });
    }
  }
  const clients = Object.fromEntries(CLIENTS.map(({ name, engine }) => [name, {
    about: { engine, runtime: 'some' },
    exchange: { verified: { http: PAYLOADS, ws: PAYLOADS } },
    mesh: { verified: Object.fromEntries(NAMES.map((peer) => [peer, PAYLOADS])) },
    attempts: EXPECTED.flatMap((row) => row.transports.map((transport) => attempt(row, transport, name, log))),
  }]));
  return { payloads: PAYLOADS, hub: { runtime: 'some' }, audit, clients, leaked: [] };
}

function attempt({ attack, code }, transport, from, log) {
  const request = `${from}.${attack}.${transport}`;
  log({ request, transport, from, event: 'status', accepted: false, code });
  log({ request: `${request}.after`, transport, from, event: 'status' });
  const { class: error, status } = ERRORS.find((one) => one.code === code);
  return { attack, transport, request, told: { status, error }, after: { request: `${request}.after`, told: { status: 200 } } };
}

function refusalOf(audit, attack) {
  return audit.find(({ request }) => request === `${NAMES[0]}.${attack}.http`);
}

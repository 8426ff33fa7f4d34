// The soak's judgement without a soak: all is well, and then one thing is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Usage } from '../run/options.mjs';
import { check } from '../soak/check.mjs';
import { percentiles } from '../soak/figures.mjs';
import { Ledger } from '../soak/ledger.mjs';
import { checkOpenFiles, readOptions } from '../soak/options.mjs';
import { plan } from '../soak/plan.mjs';
import { Records } from '../soak/records.mjs';

const CAST = { engines: ['e1', 't1'], tapped: ['t1'], forgers: ['f1'], tried: { 'a token that nobody issued': { tried: 1, refused: 1, told: 1 } } };

/** An engine that was cut once, one that the forger robs, and the forger, which is refused. `change` is what one test does to it. */
function evidence(change = () => {}) {
  const said = {
    steady: [
      ['begun'],
      ['connected', 'e1', 'S1'],
      ['sending', 'e1', 'one'],
      ['receipt', 'e1', 'one', 'n1', 900],
      ['sending', 'e1', 'two'],
      ['cut'],
      ['lost', 'e1', 'two'],
      ['ended', 'e1', 'transport close', null],
    ],
    tapped: [['begun'], ['connected', 't1', 'S2']],
    forger: [['begun'], ['connected', 'f1', 'S3'], ['sending', 'f1', 'three']],
  };
  const written = [
    record('ENGINE_CONNECTED', 'e1', { session: 'S1' }),
    record('ENGINE_STATUS', 'e1', { status: 'one', nonce: 'n1' }),
    record('ENGINE_CONNECTED', 't1', { session: 'S2' }),
    record('HEARTBEAT', 't1', {}),
    record('PACKET_REJECTED', 't1', { code: 'bad_signature' }, false),
    record('ENGINE_STATUS', 'f1', { status: 'three', nonce: 'n3' }),
    record('ENGINE_CONNECTED', 'f1', { session: 'S3' }),
    record('ENGINE_DISCONNECTED', 't1', { code: 'bad_signature' }, false),
    record('AUTH_FAILED', null, { code: 'malformed_token' }, false),
  ];
  const trail = { genuine: { tornBytes: 0 }, tampered: { changed: { fault: {} } } };
  change({ said, written, trail });
  const [ledger, records] = [new Ledger(), new Records()];
  for (const [group, entries] of Object.entries(said)) ledger.add(group, entries);
  for (const one of written) records.add(one);
  return { ledger, records, trail, cast: CAST };
}

function record(event, user, metadata, success = true) {
  return { timestamp: '2026-11-25T22:59:55Z', event, user_id: user, action: 'send', resource: 'x', success, metadata };
}

test('what is as it must be has no fault', () => {
  assert.deepEqual(check(evidence()), []);
});

const WRONG = {
  'a status that its engine did not send': [({ written }) => written.push(record('ENGINE_STATUS', 't1', { status: 'one', nonce: 'n9' })), /t1 was accepted that it did not send/],
  'a status accepted twice': [({ written }) => written.push(written[1]), /e1 was accepted that it did not send, or twice/],
  'a heartbeat of nobody': [({ written }) => written.push(record('ENGINE_CONNECTED', 't1', { session: 'S9' })), /connection of t1 was believed/],
  'telemetry that nobody sent': [({ written }) => written.push(record('TELEMETRY', 'e1', { nonce: 'n9' })), /TELEMETRY/],
  'a genuine packet refused': [({ written }) => written.push(record('PACKET_REJECTED', 'e1', { code: 'expired' }, false)), /genuine message of e1 .*expired/],
  'a connection ended for a refusal': [({ written }) => written.push(record('ENGINE_DISCONNECTED', 'e1', { code: 'store_unavailable' }, false)), /connection of e1 was ended/],
  'an engine told that it is refused': [({ said }) => said.tapped.push(['refused', 't1']), /t1 was told/],
  'an engine that refuses the server': [({ said }) => said.tapped.push(['ended', 't1', 'refused here', 'bad_signature']), /t1 refused what the server sent: bad_signature/],
  'a receipt without a line': [({ written }) => written.splice(1, 1), /e1 was receipted and is not in the audit log/],
  'a receipt of another packet': [({ said }) => (said.steady[3][3] = 'n2'), /e1 was receipted and is not in the audit log/],
  'a status that vanished': [({ said }) => said.steady.push(['sending', 'e1', 'four']), /e1 arrived nowhere/],
  'a refusal without a line': [({ written }) => written.splice(4, 1) && written.pop(), /turned away 1 times, and the audit log has 0/],
  'a log that does not verify': [({ trail }) => (trail.genuine.fault = { line: 7 }), /does not verify/],
  'a log that is torn': [({ trail }) => (trail.genuine.tornBytes = 7), /does not verify/],
  'a tampered copy that verifies': [({ trail }) => (trail.tampered.changed = {}), /with changed verifies/],
};

for (const [name, [change, fault]] of Object.entries(WRONG)) {
  test(`${name} is a fault`, () => assert.match(check(evidence(change)).join('\n'), fault));
}

test('a slow machine is no fault', () => {
  const slow = ({ said, written }) => {
    said.tapped.push(['refused', 't1']);
    said.steady.push(['ended', 'e1', 'refused here', 'heartbeat_missed']);
    for (const engine of ['t1', 'e1']) written.push(record('ENGINE_DISCONNECTED', engine, { code: 'heartbeat_missed' }, false));
  };
  assert.deepEqual(check(evidence(slow)), []);
});

test('what a killed process waited for is lost with it, and was sent', () => {
  const killed = ({ said }) => said.steady.push(['sending', 'e1', 'four'], ['begun'], ['connected', 'e1', 'S4']);
  const { ledger, ...rest } = evidence(killed);
  assert.deepEqual([check({ ledger, ...rest }), ledger.kills, ledger.lost.has('four'), ledger.sent.get('four')], [[], 1, true, 'e1']);
});

test('a fifth of the engines is killed, some with their process, and each is in one group', () => {
  for (const engines of [20, 100, 1000]) {
    const groups = plan(engines);
    const names = groups.flatMap(({ engines }) => engines);
    assert.equal(new Set(names).size, engines);
    assert.equal(names.length, engines);
    const killed = groups.reduce((sum, { cuts, at, engines }) => sum + cuts + (at === undefined ? 0 : engines.length), 0);
    assert.equal(killed, engines / 5);
  }
});

test('percentiles are of the values that there are', () => {
  const values = Array.from({ length: 200 }, (_, at) => (200 - at) * 1000);
  assert.deepEqual(percentiles(values), { count: 200, p50: 100, p99: 198, max: 200 });
  assert.deepEqual(percentiles([]), { count: 0, p50: 0, p99: 0, max: 0 });
});

test('what cannot be started is said in a line', () => {
  assert.deepEqual(readOptions(['--server', 's']), { server: 's', engines: 1000, seconds: 60, json: undefined });
  for (const wrong of [[], ['--server', 's', '--engines', '19'], ['--server', 's', '--seconds', '2'], ['--odd']]) assert.throws(() => readOptions(wrong), Usage);
  checkOpenFiles(1000, 1200);
  assert.throws(() => checkOpenFiles(1000, 1199), /ulimit -Hn 1200.*--engines 999/);
});

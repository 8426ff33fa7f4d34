// The launcher's check can fail: a run as it must be has no fault, and each way of doctoring it is found.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, EXPECTED } from '../run/check.mjs';

const ENGINES = ['engine-7', 'engine-8'];
const ATTACKER = 'engine-13';

test('a run as it must be has no fault', () => {
  assert.deepEqual(judge(() => {}), []);
});

test('a password that an operator mistyped is no fault', () => {
  const mistyped = { ...record('AUTH_FAILED', null, { code: 'bad_signature' }, false), resource: '/ticket' };
  assert.deepEqual(judge(({ records }) => records.push(mistyped)), []);
});

test('an engine that came back when its token had ended is no fault', () => {
  const came = ({ records, happenings }) => {
    records.push(record('ENGINE_DISCONNECTED', 'engine-7', { code: 'token_expired' }));
    happenings['engine-7'].splice(1, 0, { event: 'disconnected', reason: 'refused' }, { event: 'connected' });
  };
  assert.deepEqual(judge(came), []);
});

const DOCTORED = {
  'an engine did not connect': [({ happenings }) => happenings['engine-7'].shift(), /engine-7 connected 0 times/],
  'an engine connected twice': [({ happenings }) => happenings['engine-8'].unshift({ event: 'connected' }), /engine-8 connected 2 times/],
  'an engine was disconnected': [({ happenings }) => happenings['engine-7'].splice(1, 0, { event: 'disconnected', code: 'replayed' }), /engine-7 was disconnected 1 times instead of 0: replayed/],
  'an engine had no receipt': [({ happenings }) => happenings['engine-7'].splice(1, 1), /engine-7 had no receipt/],
  'an engine was killed': [({ happenings }) => happenings['engine-8'].pop(), /engine-8 did not stop by itself/],
  'no heartbeat was recorded': [({ records }) => drop(records, 'HEARTBEAT', 'engine-8'), /no HEARTBEAT of engine-8/],
  'no status was recorded': [({ records }) => drop(records, 'ENGINE_STATUS', 'engine-7'), /no ENGINE_STATUS of engine-7/],
  'an end was not recorded': [({ records }) => drop(records, 'ENGINE_DISCONNECTED', 'engine-7'), /no ENGINE_DISCONNECTED of engine-7/],
  'a job has no result': [({ records }) => drop(records, 'JOB_RESULT', 'engine-8'), /job-2 of engine-8 has 0 results/],
  'a job has two results': [({ records }) => records.push(find(records, 'JOB_RESULT', 'engine-8')), /job-2 of engine-8 has 2 results/],
  'a job failed': [({ records }) => (find(records, 'JOB_RESULT', 'engine-7').metadata.ok = false), /job-1 of engine-7 came to/],
  'a job was answered by another': [({ records }) => (find(records, 'JOB_RESULT', 'engine-7').user_id = 'engine-8'), /job-1 of engine-7 came to/],
  'an attack met another code': [({ records }) => (find(records, 'PACKET_REJECTED', ATTACKER).metadata.code = 'expired'), /a packet sent twice: the audit log has expired instead of replayed/],
  'an attack is not in the log': [({ records }) => drop(records, 'PACKET_REJECTED', ATTACKER), /instead of/],
  'an attack stands in the log twice': [({ records }) => records.push(find(records, 'PACKET_REJECTED', ATTACKER)), /4 packets of engine-13 were refused/],
  'the peer learned the code': [({ told }) => (told.forged.code = 'bad_signature'), /changed after signing: the peer was told/],
  'the peer learned another class': [({ told }) => (told.forged.class = 'invalid'), /the peer was told/],
  'the peer learned another status': [({ told }) => (told.replayed.status = 400), /the peer was told/],
  'the peer learned nothing': [({ told }) => delete told.stale, /two minutes ago: the peer was told/],
  'a stale packet was refused without the clock': [({ told }) => delete told.stale.now, /two minutes ago: the peer was told/],
  'a forgery was refused with the clock': [({ told }) => (told.forged.now = 1), /the peer was told/],
  'a genuine packet was refused': [({ records }) => records.push(record('PACKET_REJECTED', 'engine-7', { code: 'expired' }, false)), /a genuine message of engine-7 was refused: PACKET_REJECTED expired/],
  'a genuine handshake was refused': [({ records }) => records.push({ ...record('AUTH_FAILED', null, { code: 'bad_signature' }, false), resource: '/engine' }), /was refused: AUTH_FAILED/],
  'the audit log does not verify': [({ trail }) => (trail.genuine.fault = { line: 3 }), /the audit log does not verify/],
  'a changed copy verifies': [({ trail }) => delete trail.tampered.changed.fault, /was changed verifies/],
  'a secret was written': [({ leaked }) => leaked.push('the audit log'), /a secret stands in the audit log/],
};

for (const [what, [doctor, found]] of Object.entries(DOCTORED)) {
  test(`found: ${what}`, () => {
    const faults = judge(doctor);
    assert.ok(faults.some((fault) => found.test(fault)), `no fault like ${found} in ${JSON.stringify(faults)}`);
  });
}

function judge(doctor) {
  const results = genuine();
  doctor(results);
  return check({ engines: ENGINES, attacker: ATTACKER, ...results });
}

function genuine() {
  const records = ENGINES.flatMap((name, at) => [
    ...['ENGINE_CONNECTED', 'HEARTBEAT', 'ENGINE_STATUS'].map((event) => record(event, name)),
    record('JOB_RESULT', name, { jobId: `job-${at + 1}`, ok: true }),
    record('ENGINE_DISCONNECTED', name),
  ]);
  records.push(...Object.values(EXPECTED).map(({ code }) => record('PACKET_REJECTED', ATTACKER, { code }, false)));
  return {
    happenings: Object.fromEntries(ENGINES.map((name) => [name, ['connected', 'received', 'stopped'].map((event) => ({ event }))])),
    sent: ENGINES.map((engine, at) => ({ jobId: `job-${at + 1}`, engine })),
    told: Object.fromEntries(Object.entries(EXPECTED).map(([name, { told }]) => [name, told.now ? { ...told, now: 1708167234 } : { ...told }])),
    records,
    trail: { genuine: { records: records.length }, tampered: { changed: { fault: { line: 2 } } } },
    leaked: [],
  };
}

function record(event, user, metadata = {}, success = true) {
  return { event, user_id: user, success, metadata };
}

function find(records, event, user) {
  return records.find((one) => one.event === event && one.user_id === user);
}

function drop(records, event, user) {
  records.splice(records.indexOf(find(records, event, user)), 1);
}

// The audit log: the idiom, real files, and a writer that is killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as api from 'counterseal';
import { NOW, SECRET } from '../../wasm/test/suite/common.mjs';

const { AuditLog, auditLogFiles, verifyAuditLog } = api;
const EVENT = { event: 'AUTH_FAILED', userId: 'engine-7', action: 'connect', resource: '/engine', success: false };
const folder = mkdtempSync(join(tmpdir(), 'audit-'));
after(() => rmSync(folder, { recursive: true }));

let made = 0;
const newPath = () => join(mkdtempSync(join(folder, `${made++}-`)), 'audit.log');
const lines = (path) => readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line));
const verify = (path, options) => verifyAuditLog(auditLogFiles(path), { secret: SECRET, ...options });
const refused = (run, code, detail = '') =>
  assert.throws(run, (error) => error instanceof api.CountersealError && error.code === code && error.detail.includes(detail));

test('a record is a line', () => {
  const path = newPath();
  const log = new AuditLog(path, { secret: SECRET });
  log.record({ ...EVENT, metadata: { code: 'token_expired' }, now: NOW });
  log.record({ event: 'ENGINE_CONNECTED', userId: null, action: 'connect', resource: '/engine', success: true });
  const [first, second] = lines(path);
  assert.deepEqual(Object.keys(first), ['seq', 'timestamp', 'event', 'user_id', 'action', 'resource', 'success', 'metadata', 'prev', 'hash']);
  assert.deepEqual([first.timestamp, first.user_id, first.success], [new Date(NOW * 1000).toISOString().replace('.000', ''), 'engine-7', false]);
  assert.deepEqual([first.metadata, second.metadata, second.user_id, second.prev], [{ code: 'token_expired' }, {}, null, first.hash]);
  assert.equal(log.head, `2:${second.hash}`);
  const { fault, ...report } = verify(path, { head: log.head });
  assert.deepEqual(report, { records: 2, firstSeq: 1, lastSeq: 2, head: log.head, tornBytes: 0 });
  assert.equal(fault, undefined);
  log.close();
  log.close();
  assert.equal(log.head, `2:${second.hash}`);
  refused(() => log.record(EVENT), 'malformed_argument', 'closed');
  new AuditLog(pathToFileURL(path), { secret: new api.Secret(SECRET) }).record(EVENT);
  assert.equal(verify(path).records, 3);
});

test('no text of a peer can prevent its record', () => {
  const path = newPath();
  const log = new AuditLog(path, { secret: SECRET });
  const hostile = ['\ud800', '\0\n\r\u2028\x85"\\', 'x'.repeat(100_000), '😀'.repeat(500), ''];
  for (const text of hostile) {
    log.record({ event: 'AUTH_FAILED', userId: text, action: text, resource: text, success: false });
  }
  assert.deepEqual(lines(path).map((line) => line.action), ['\ufffd', hostile[1], `${'x'.repeat(253)}…`, `${'😀'.repeat(63)}…`, '']);
  assert.equal(verify(path).records, hostile.length);
});

test('a log has one writer, also among the threads of a process', async () => {
  const path = newPath();
  const log = new AuditLog(path, { secret: SECRET });
  refused(() => new AuditLog(path, { secret: SECRET }), 'malformed_argument', 'has a writer already');
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { AuditLog } = await import(workerData.api);
    try { new AuditLog(workerData.path); } catch (error) { parentPort.postMessage(error.message); }`;
  const workerData = { path, api: import.meta.resolve('counterseal') };
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData });
  const [message] = await once(worker, 'message');
  assert.match(message, /^malformed_argument: .*has a writer already/);
  log.close();
});

test('full files are set aside', () => {
  const path = newPath();
  const log = new AuditLog(path, { secret: SECRET, rotateBytes: 4096, keep: 3, sync: true });
  for (let count = 0; count < 100; count++) {
    log.record(EVENT);
  }
  const files = auditLogFiles(path);
  assert.deepEqual([files.length, files.at(-1)], [4, path]);
  assert.equal(verify(path).fault.reason, 'out_of_order');
  const report = verify(path, { continued: true, head: log.head });
  assert.deepEqual([report.fault, report.lastSeq, report.records], [undefined, 100, 101 - report.firstSeq]);
});

test('what was recorded outlives kills', async () => {
  const path = newPath();
  const source = `
    import { AuditLog } from ${JSON.stringify(import.meta.resolve('counterseal'))};
    import { writeSync } from 'node:fs';
    const [path, secret, round] = process.argv.slice(1);
    const log = new AuditLog(path, { secret, rotateBytes: 4096 });
    for (let number = 0; ; number++) {
      log.record({ event: 'JOB_SENT', action: round + ':' + number, resource: '', success: true });
      writeSync(1, round + ':' + number + '\\n');
    }`;
  const said = [];
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', source, path, SECRET, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const before = said.length;
    let whole = '';
    for await (const chunk of child.stdout) {
      whole += chunk;
      if (whole.split('\n').length > 1 + round * 7) {
        child.kill('SIGKILL');
      }
    }
    said.push(...whole.split('\n').slice(0, -1));
    assert.ok(said.length > before);
    assert.equal(verify(path).fault, undefined);
  }
  const log = new AuditLog(path, { secret: SECRET });
  log.record(EVENT);
  const report = verify(path, { head: log.head });
  assert.deepEqual([report.fault, report.tornBytes], [undefined, 0]);
  const held = new Set(auditLogFiles(path).flatMap((file) => lines(file).map((line) => line.action)));
  assert.deepEqual(said.filter((action) => !held.has(action)), []);
});

test('a torn line is cut and told', () => {
  const path = newPath();
  const log = new AuditLog(path, { secret: SECRET });
  log.record(EVENT);
  log.close();
  appendFileSync(path, '{"seq":2,"timest');
  assert.equal(verify(path).tornBytes, 16);
  new AuditLog(path, { secret: SECRET }).close();
  assert.deepEqual(lines(path).map((line) => line.event), ['AUTH_FAILED', 'AUDIT_LOG_RECOVERED']);
  assert.deepEqual(lines(path)[1].metadata, { torn_bytes: 16 });
});

test('a fault names its line and why', () => {
  const path = newPath();
  const log = new AuditLog(path, { secret: SECRET });
  for (const action of ['one', 'two', 'three']) {
    log.record({ ...EVENT, action });
  }
  log.close();
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.replace('"two"', '"2"'));
  const { sentence, ...fault } = verify(path).fault;
  assert.deepEqual(fault, { path, line: 2, reason: 'changed' });
  assert.match(sentence, /^The hash does not fit/);
  refused(() => new AuditLog(path, { secret: SECRET }), 'malformed_argument', 'line 2 of the audit log');
  writeFileSync(path, whole);
  assert.equal(verifyAuditLog([path]).fault.reason, 'changed');
  writeFileSync(path, whole.split('\n').slice(0, 2).concat('').join('\n'));
  assert.equal(verify(path).fault, undefined);
  assert.equal(verify(path, { head: log.head }).fault.reason, 'other_head');
});

test('a full disk is store_unavailable', () => {
  const path = newPath();
  symlinkSync('/dev/full', path);
  const log = new AuditLog(path);
  assert.throws(() => log.record(EVENT), { code: 'store_unavailable', class: 'unavailable', status: 503 });
});

test('wrong calls', () => {
  const path = newPath();
  const log = new AuditLog(path);
  for (const [change, detail] of [
    [{ event: 'job sent' }, 'event must be'],
    [{ event: undefined }, 'event must be a string'],
    [{ event: '\ud800' }, 'event must be a string without lone surrogates'],
    [{ userId: 7 }, 'userId must be a string'],
    [{ action: null }, 'action must be a string'],
    [{ action: undefined }, 'action must be a string'],
    [{ resource: new String('x') }, 'resource must be a string'],
    [{ success: 1 }, 'success must be true or false'],
    [{ success: undefined }, 'success must be true or false'],
    [{ metadata: [] }, 'metadata must be a JSON object'],
    [{ metadata: null }, 'metadata must be a JSON object'],
    [{ metadata: '{}' }, 'metadata must be a JSON object'],
    [{ metadata: { a: undefined } }, 'metadata["a"] is undefined'],
    [{ metadata: { a: 1n } }, 'metadata["a"] is a bigint'],
    [{ metadata: { a: 'x'.repeat(17_000) } }, 'metadata must have at most 16384 bytes'],
    [{ metadata: { a: Array(100_000).fill('x'.repeat(9_000)) } }, 'metadata must have at most 16384 bytes'],
    [{ now: 0.5 }, 'now must be'],
    [{ now: '1' }, 'now must be'],
    [{ colour: 'red' }, 'unknown option "colour"'],
    [{ get action() { throw new Error('called'); } }, 'must not be a getter'],
  ]) {
    const given = Object.defineProperties({ ...EVENT }, Object.getOwnPropertyDescriptors(change));
    refused(() => log.record(given), 'malformed_argument', detail);
  }
  for (const record of [undefined, null, 'x', []]) {
    refused(() => log.record(record), 'malformed_argument');
  }
  assert.equal(readFileSync(path, 'utf8'), '');
  for (const wrong of [undefined, 7, Buffer.from('x'), '', 'a\0b', join(path, 'x'), new URL('https://localhost/')]) {
    refused(() => new AuditLog(wrong), 'malformed_argument');
    refused(() => verifyAuditLog([wrong]), 'malformed_argument');
  }
  for (const options of [{ rotateBytes: 1 }, { keep: 0 }, { sync: 1 }, { colour: 'red' }, 7]) {
    refused(() => new AuditLog(newPath(), options), 'malformed_argument');
  }
  refused(() => new AuditLog(newPath(), { secret: 'hex:00' }), 'weak_secret');
  for (const paths of [[], undefined, path, new Set([path])]) {
    refused(() => verifyAuditLog(paths), 'malformed_argument');
  }
  for (const options of [{ head: '1' }, { continued: 1 }, { colour: 'red' }]) {
    refused(() => verifyAuditLog([path], options), 'malformed_argument');
  }
  refused(() => auditLogFiles(7), 'malformed_argument', 'path must be a string');
  assert.throws(() => Reflect.apply(AuditLog.prototype.record, {}, [EVENT]), TypeError);
});

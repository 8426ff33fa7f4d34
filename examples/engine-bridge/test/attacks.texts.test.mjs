// What the strict reader is there for: events whose text no engine would write, each on a genuine connection.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CUT, event, foiledEach, MALFORMED } from './volley.mjs';

test('arguments that are no packet', async (t) => {
  const odd = ['', ',{},{}', ',null', ',7', ',"text"', ',[]', ',{}', ',true', ',[{}]'];
  await foiledEach(t, [
    ...odd.map((text) => [() => event(text), MALFORMED]),
    [(packet) => event(`,${packet},${packet}`), MALFORMED],
    [(packet) => event(`,${JSON.stringify(packet)}`), MALFORMED],
    [(packet) => event(`,[${packet}]`), MALFORMED],
  ]);
});

test('packets that a lenient reader would take', async (t) => {
  const changes = [
    [/^\{/, '{"v":1,', 'malformed_packet'],
    [/"v":1/, '"v":1.0', 'malformed_packet'],
    [/"v":1/, '"v":true', 'malformed_packet'],
    [/"v":1/, '"v":2', 'unsupported_version'],
    [/"ts":(\d+)/, '"ts":$1.0', 'malformed_packet'],
    [/"ts":(\d+)/, '"ts":$1e0', 'malformed_packet'],
    [/"ts":(\d+)/, '"ts":"$1"', 'malformed_packet'],
    [/"ts":/, '"ts":-', 'malformed_packet'],
    [/"ts":\d+/, `"ts":${'9'.repeat(400)}`, 'malformed_packet'],
    [/"nonce"/, '"Nonce"', 'malformed_packet'],
    [/"payload"/, '"payload":{},"payload"', 'malformed_packet'],
    [/"payload"/, '"data":"","payload"', 'malformed_packet'],
    [/"payload"/, '"__proto__":{},"payload"', 'malformed_packet'],
    [/"status"/, '"status":"IDLE","status"', 'malformed_payload'],
    [/"status"/, '"st\\u0061tus":"IDLE","status"', 'malformed_payload'],
    [/"status"/, '"n":1e400,"status"', 'malformed_payload'],
    [/"status"/, '"n":9007199254740993,"status"', 'malformed_payload'],
    [/"status"/, '"n":"\\ud800","status"', 'malformed_payload'],
    [/"status"/, `"n":${'['.repeat(65)}${']'.repeat(65)},"status"`, 'malformed_payload'],
    [/"status"/, '"n":-0,"status"', 'bad_signature'],
  ];
  await foiledEach(t, changes.map(([what, by, code]) => [(packet) => event(`,${packet.replace(what, by)}`), { code }]));
});

test('nested bombs and numbers without end', async (t) => {
  const bombs = [
    [`${'['.repeat(400_000)}${']'.repeat(400_000)}`, 'malformed_payload'],
    [`${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`, 'malformed_payload'],
    ['9'.repeat(900_000), 'malformed_payload'],
    [`1e${'9'.repeat(900_000)}`, 'malformed_payload'],
    [`[${'0,'.repeat(500_000)}0]`, 'bad_signature'],
  ];
  await foiledEach(t, bombs.flatMap(([bomb, code]) => [
    [() => event(`,${bomb}`), MALFORMED],
    [(packet) => event(`,${packet.replace('"IDLE"', bomb)}`), { code }],
    [() => `42/engine,["engine_status",${bomb}`, CUT],
  ]));
});

test('event names outside their grammar', async (t) => {
  const names = ['', ' ', 'a b', 'é', 'a@b', 'a>b', 'x'.repeat(65), 'x'.repeat(500_000), '\u202eengine'];
  const cut = ['7', 'null', '[]', '{}', 'true', '"engine_status\\n"', '"engine\\u005fstatus"', '"\0"'];
  const scene = await foiledEach(t, [
    ...names.map((name) => [(packet) => `42/engine,["${name}",${packet}]`, MALFORMED]),
    // Socket.IO's own reader takes a name that is plain text alone.
    ...cut.map((name) => [(packet) => `42/engine,[${name},${packet}]`, CUT]),
  ]);
  const lines = (await readFile(scene.hub.trail.file, 'utf8')).split('\n');
  assert.ok(lines.every((line) => line.length < 2000), 'a long name does not make a long line');
});

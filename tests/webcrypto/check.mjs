// Recomputes every signature and derived key in tests/vectors with WebCrypto alone. It shares nothing with the product or the signer.
// Usage: node tests/webcrypto/check.mjs. Ends with 1 on a mismatch, or if it checked none.
import { readFileSync, readdirSync } from 'node:fs';

import { hkdf, hmac, secretBytes, sha256 } from './crypto.mjs';
import { arrived, left, signedDigest } from './requests.mjs';
import { follow, handshakeOf, own, packetOf, peers, sessionOf } from './sessions.mjs';

const vectors = new URL('../vectors/', import.meta.url);
const utf8 = (text) => Buffer.from(text, 'utf8');
const base64url = (text) => Buffer.from(text, 'base64url');

const RECOMPUTE = {
  'packet.sign': (call, ok) => packetSigned(call.key, ok.packet_text, call.context),
  'packet.verify': (call, ok) => signed(keyOf(call, ok.key_id), evidenced(ok), call.context, packetOf(call).sig),
  'parts.sign': (call, ok) => signed(call.key, { ...call, body: base64url(call.body) }, call.context, ok.sig),
  'parts.verify': (call, ok) => signed(keyOf(call, ok.key_id), evidenced(ok), call.context, call.sig),
  'token.issue': (call, ok) => tokenSigned([call.key], ok.token),
  'token.verify': (call) => tokenSigned(call.keys, call.token),
  'request.sign': (call, ok) => requestSigned([call.key], base64url(call.body), [left(call, ok.headers)]),
  'request.verify': (call) => requestSigned(call.keys, Buffer.concat((call.pieces ?? [call.body]).map(base64url)), arrived(call)),
  derive: async (call, ok) => (await derived(call.master, call)) === ok.secret,
  'session.accept': (call) => tokenSigned(call.keys, handshakeOf(call).token),
  'session.welcome': (call, ok, session) => packetSigned(call.key, ok.packet_text, own(session, 'welcome', session.opening)),
  'session.establish': (call, ok, session) => {
    const { kid, ts, nonce, sig } = packetOf(call);
    const body = utf8(`{"session":"${nonce}"}`);
    return signed(keyOf(session, kid), { ts, nonce, kind: 'json', body }, peers(session, 'welcome', session.opening), sig);
  },
  'session.sign': (call, ok, session) => packetSigned(session.key, ok.packet_text, own(session, call.event)),
  'session.heartbeat': (call, ok, session) => packetSigned(session.key, ok.packet_text, own(session, 'heartbeat')),
  'session.verify': (call, ok, session) => signed(keyOf(session, ok.key_id), evidenced(ok), peers(session, call.event), packetOf(call).sig),
  'ticket.keys': async (call, ok) => {
    const secret = await derived(call.master, { purpose: 'ticket', owner: ok.owner, key_id: ok.key_id });
    const id = call.by === 'server' ? ok.server_key_id : ok.key_id;
    return (await packetSigned({ id, secret }, ok.packet_text, call.context)) && (await tokenSigned(call.keys, call.token));
  },
};

const counts = {};
const mismatches = [];
for (const name of readdirSync(vectors).filter((file) => file.endsWith('.json')).sort()) {
  const { cases } = JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));
  for (const { id, flags, call: described, expect } of cases.filter(({ expect }) => 'ok' in expect)) {
    const [call, ok] = [expanded(described), expanded(expect.ok)];
    if (flags.includes('recompute')) {
      if (await RECOMPUTE[call.op](call, ok, sessionOf(call))) counts[call.op] = (counts[call.op] ?? 0) + 1;
      else mismatches.push(id);
    }
    follow(call, ok);
  }
}
report();

function report() {
  for (const id of mismatches) console.error(`mismatch: ${id}`);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const each = Object.entries(counts).map(([op, count]) => `${op} ${count}`);
  console.log(`recomputed with WebCrypto: ${each.join(', ')}`);
  console.log(`${total} passed, ${mismatches.length} failed`);
  if (mismatches.length > 0 || total === 0) process.exitCode = 1;
}

// The wire contract, section 2: counterseal-packet-v1 LF kid LF ts LF nonce LF context LF kind LF body.
async function signed(key, { ts, nonce, kind, body }, context, sig) {
  const head = ['counterseal-packet-v1', key.id, ts, nonce, context, kind, ''].join('\n');
  return (await hmac('SHA-256', secretBytes(key.secret), Buffer.concat([utf8(head), body]))) === sig;
}

function packetSigned(key, text, context) {
  const { ts, nonce, sig } = JSON.parse(text);
  return signed(key, { ts, nonce, ...bodyOf(text) }, context, sig);
}

async function derived(master, { purpose, owner, key_id: keyId }) {
  const info = utf8([purpose, owner, keyId].join('\n'));
  return `hex:${(await hkdf(secretBytes(master), utf8('counterseal-derive-v1'), info)).toString('hex')}`;
}

async function tokenSigned(keys, token) {
  const [header, claims, sig] = token.split('.');
  const { alg, kid } = JSON.parse(base64url(header).toString('utf8'));
  const candidates = keys.filter(({ id }) => kid === undefined || id === kid);
  const input = utf8(`${header}.${claims}`);
  const macs = candidates.map(({ secret }) => hmac(`SHA-${alg.slice(2)}`, secretBytes(secret), input));
  return (await Promise.all(macs)).includes(sig);
}

// One of the readings is the one that was signed; its digest, if it covers one, is the body's.
async function requestSigned(keys, body, readings) {
  const passed = await Promise.all(readings.map(async (reading) => {
    const { base, keyId, signature } = reading;
    const mac = await hmac('SHA-256', secretBytes(keyOf({ keys }, keyId).secret), utf8(base));
    const digest = body.length > 0 ? (await sha256(body)).toString('base64') : undefined;
    return Buffer.from(mac, 'base64url').toString('base64') === signature && signedDigest(reading) === digest;
  }));
  return passed.includes(true);
}

function keyOf({ keys }, id) {
  return keys.find((key) => key.id === id);
}

function evidenced({ ts, nonce, payload_text: payload, data }) {
  return data === undefined ? { ts, nonce, kind: 'json', body: utf8(payload) } : { ts, nonce, kind: 'bytes', body: base64url(data) };
}

function bodyOf(packet) {
  const payload = packet.indexOf('"payload":');
  if (payload < 0) return { kind: 'bytes', body: base64url(JSON.parse(packet).data) };
  return { kind: 'json', body: utf8(packet.slice(payload + '"payload":'.length, packet.lastIndexOf(',"sig":'))) };
}

function expanded(value) {
  if (Array.isArray(value)) return value.map(expanded);
  if (typeof value !== 'object' || value === null) return value;
  if ('repeat' in value) return value.repeat[0].repeat(value.repeat[1]);
  if ('concat' in value) return value.concat.map(expanded).join('');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expanded(member)]));
}

// Recomputes every signature and derived key in tests/vectors with WebCrypto alone. It shares nothing with the product or the signer.
// Usage: node tests/webcrypto/check.mjs. Ends with 1 on a mismatch, or if it checked none.
import { readFileSync, readdirSync } from 'node:fs';

import { hkdf, hmac, secretBytes } from './crypto.mjs';

const vectors = new URL('../vectors/', import.meta.url);
const utf8 = (text) => Buffer.from(text, 'utf8');
const base64url = (text) => Buffer.from(text, 'base64url');

const RECOMPUTE = {
  'packet.sign': (call, ok) => {
    const { ts, nonce, sig } = JSON.parse(ok.packet_text);
    return signed(call.key, { ts, nonce, ...bodyOf(ok.packet_text) }, call.context, sig);
  },
  'packet.verify': (call, ok) => {
    const text = call.packet_text ?? base64url(call.packet_bytes).toString('utf8');
    return signed(keyOf(call, ok.key_id), evidenced(ok), call.context, JSON.parse(text).sig);
  },
  'parts.sign': (call, ok) => signed(call.key, { ...call, body: base64url(call.body) }, call.context, ok.sig),
  'parts.verify': (call, ok) => signed(keyOf(call, ok.key_id), evidenced(ok), call.context, call.sig),
  'token.issue': (call, ok) => tokenSigned([call.key], ok.token),
  'token.verify': (call) => tokenSigned(call.keys, call.token),
  derive: async (call, ok) => {
    const info = utf8([call.purpose, call.owner, call.key_id].join('\n'));
    const derived = await hkdf(secretBytes(call.master), utf8('counterseal-derive-v1'), info);
    return `hex:${derived.toString('hex')}` === ok.secret;
  },
};

const counts = {};
const mismatches = [];
for (const name of readdirSync(vectors).filter((file) => file.endsWith('.json')).sort()) {
  const { cases } = JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));
  for (const { id, call, expect } of cases.filter(({ flags }) => flags.includes('recompute'))) {
    const holds = await RECOMPUTE[call.op](expanded(call), expanded(expect.ok));
    if (holds) counts[call.op] = (counts[call.op] ?? 0) + 1;
    else mismatches.push(id);
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

async function tokenSigned(keys, token) {
  const [header, claims, sig] = token.split('.');
  const { alg, kid } = JSON.parse(base64url(header).toString('utf8'));
  const candidates = keys.filter(({ id }) => kid === undefined || id === kid);
  const input = utf8(`${header}.${claims}`);
  const macs = candidates.map(({ secret }) => hmac(`SHA-${alg.slice(2)}`, secretBytes(secret), input));
  return (await Promise.all(macs)).includes(sig);
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

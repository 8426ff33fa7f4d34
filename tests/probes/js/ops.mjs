// The operations of the conformance protocol over the JavaScript façade, for Node, wasm and the browser alike.
// Nothing of the protocol is here: members of the line are handed to the SDK as they stand.

import { bytes, evidence, guardOf, key, keyring, list, object, oneOf, options, peers, text, tokenVerifier, Unusable } from './given.mjs';
import { REQUESTS } from './requests.mjs';
import { SESSIONS } from './sessions.mjs';

export const MAX_LINE = 16 * 1024 * 1024;

/** A function that answers one line, given as bytes without its end, with the text of one line. */
export function answerer(sdk, about) {
  const state = { sdk, about, guards: new Map(), sessions: new Map(), rings: new Map() };
  return (bytes) => {
    let id = '';
    try {
      const line = read(bytes);
      id = line.id;
      return JSON.stringify({ id, ok: operation(line)(state, line) });
    } catch (error) {
      return JSON.stringify({ id, error: describe(sdk, error) });
    }
  };
}

const OPERATIONS = new Map(Object.entries({
  'packet.sign': ({ sdk }, line) => {
    const form = oneOf(line, ['payload', 'payload_text', 'data']);
    const body = form === 'payload' ? line.payload : form === 'data' ? bytes(line, form) : text(line, form);
    const signer = new sdk.PacketSigner(key(sdk, object(line.key)), options(line, ['body_limit']));
    const call = { context: line.context, ...options(line, ['now', 'nonce']) };
    if (form === 'payload') return { packet_text: signer.signText(body, call) };
    if (form === 'payload_text') return { packet_text: signer.signJson(body, call) };
    return { packet_text: JSON.stringify(signer.signBytes(body, call)) };
  },

  'packet.verify': (state, line) => {
    const packet = peers(line, ['packet', 'packet_text', 'packet_bytes']);
    return evidence(verifier(state, line).verify(packet, { context: line.context, ...options(line, ['now']) }));
  },

  'packet.verify_batch': (state, line) => {
    const packets = list(line.packets);
    const results = verifier(state, line).verifyBatch(packets, { context: line.context, ...options(line, ['now']) });
    return { results: results.map((result) => outcome(state.sdk, result)) };
  },

  'parts.sign': ({ sdk }, line) => {
    const body = bytes(line, 'body');
    const signer = new sdk.PacketSigner(key(sdk, object(line.key)), options(line, ['body_limit']));
    const { ts: now, nonce } = options(line, ['ts', 'nonce']);
    return { sig: signer.signParts({ kind: line.kind, body, context: line.context, now, nonce }).sig };
  },

  'parts.verify': (state, line) => {
    const body = bytes(line, 'body');
    const { key_id: keyId, kind, context, ts, nonce, sig } = line;
    return evidence(verifier(state, line).verifyParts({ keyId, kind, body, context, ts, nonce, sig, ...options(line, ['now']) }));
  },

  'token.issue': ({ sdk }, line) => {
    const claims = text(line, 'claims_text');
    const issuer = new sdk.TokenIssuer(key(sdk, object(line.key)), options(line, ['alg']));
    return { token: issuer.issueText(claims, options(line, ['now'])) };
  },

  'token.verify': ({ sdk }, line) => {
    const token = text(line, 'token');
    const verified = tokenVerifier(sdk, line).verify(token, options(line, ['now']));
    return { claims_text: verified.claimsText };
  },

  'json.canonical': ({ sdk }, line) => ({ text: sdk.canonicalJson(text(line, 'text')) }),

  derive: ({ sdk }, line) => {
    const { master, purpose, owner, key_id: keyId } = line;
    return { secret: sdk.derive(master, { purpose, owner, keyId }).expose() };
  },

  'guard.new': ({ sdk, guards }, line) => {
    const name = text(line, 'name');
    guards.set(name, new sdk.MemoryReplayGuard(options(line, ['capacity', 'start', 'scope', 'owner_share'])));
    return {};
  },

  'error.list': ({ sdk }) => ({ codes: sdk.errorList() }),

  'probe.about': ({ about }) => about,

  ...REQUESTS,
  ...SESSIONS,
}));

function read(bytes) {
  if (bytes.length > MAX_LINE) throw new Unusable('the line is too long');
  let line;
  try {
    line = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Unusable('the line is not JSON');
  }
  if (typeof object(line).id !== 'string') throw new Unusable('the line has no id');
  return line;
}

function operation(line) {
  const found = OPERATIONS.get(line.op);
  if (found === undefined) throw new Unusable('no such operation');
  return found;
}

function verifier(state, line) {
  const given = options(line, ['guard', 'max_age', 'max_ahead', 'allow', 'body_limit']);
  return new state.sdk.PacketVerifier(keyring(state.sdk, line), guardOf(state, given));
}

function outcome(sdk, result) {
  return result instanceof Error ? { error: describe(sdk, result) } : { ok: evidence(result) };
}

function describe(sdk, error) {
  if (error instanceof Unusable) return { code: 'malformed_argument', class: 'invalid', status: 400 };
  if (error instanceof sdk.CountersealError) return { code: error.code, class: error.class, status: error.status };
  // Anything but the SDK's own error is a fault that must show.
  console.error(error);
  return { code: 'probe_fault', class: 'fault', status: 500 };
}

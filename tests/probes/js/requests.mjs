// The operations on HTTP requests, and on who may call whom.

import { base64url, bytes, guardOf, key, keyring, list, object, oneOf, options } from './given.mjs';

export const REQUESTS = {
  'request.sign': ({ sdk }, line) => {
    const [body, headers] = [bytes(line, 'body'), list(line.headers === undefined ? [] : line.headers)];
    const signer = new sdk.RequestSigner(key(sdk, object(line.key)), options(line, SIGNER));
    const { method, url } = line;
    return { headers: signer.sign({ method, url, headers: headers.map(field), body, ...options(line, ['now', 'nonce']) }) };
  },

  'request.verify': (state, line) => {
    const form = oneOf(line, ['body', 'pieces']);
    const headers = list(line.headers).map(field);
    const verifier = new state.sdk.RequestVerifier(keyring(state.sdk, line), guardOf(state, options(line, VERIFIER)));
    const { method, target } = line;
    const head = { method, target, headers, ...options(line, ['now']) };
    if (form === 'body') return evidence(verifier.verify({ ...head, body: bytes(line, 'body') }));
    const pieces = list(line.pieces).map(base64url);
    const { finish_now: now = line.now } = options(line, ['finish_now']);
    const pending = verifier.begin(head);
    for (const piece of pieces) pending.update(piece);
    return evidence(pending.finish({ now }));
  },

  'trust.check': ({ sdk }, line) => {
    new sdk.Trust(line.policy).check(line.callee, line.caller, line.method, line.path);
    return {};
  },

  'trust.exempt': ({ sdk }, line) => ({ exempt: new sdk.Trust(line.policy).isExempt(line.callee, line.path) }),

  'trust.explain': ({ sdk }, line) => ({ sentences: new sdk.Trust(line.policy).explain(line.callee) }),
};

/** A name and a value; what is given as base64url becomes bytes, all else stays as it is. */
function field(pair) {
  const value = Array.isArray(pair) ? pair[1] : undefined;
  return typeof value?.bytes === 'string' ? [pair[0], base64url(value.bytes)] : pair;
}

function evidence({ keyId, owner, timestamp, nonce }) {
  return { key_id: keyId, owner, ts: timestamp, nonce };
}

const SIGNER = ['extra_fields', 'body_limit'];
const VERIFIER = ['authorities', 'guard', 'extra_fields', 'max_age', 'max_ahead', 'allow', 'trust', 'callee', 'body_limit'];

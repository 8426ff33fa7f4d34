// npm's http-message-signatures, set up to write and to demand our profile. Digests are not its subject, so they are node:crypto's.
import { createHash, randomBytes } from 'node:crypto';
import { createSigner, createVerifier, httpbis } from 'http-message-signatures';
import { SECRET } from './ours.mjs';
import { Refused, urlOf } from './wire.mjs';

const ALG = 'hmac-sha256';
const DERIVED = ['@method', '@authority', '@path', '@query'];
const PARAMS = ['created', 'nonce', 'keyid', 'alg', 'tag'];

/** The library told the target as it stands, by the door that it has for it. */
export const told = peer('theirs', (name, _, { target }) => {
  const [path, ...query] = target.split('?');
  return { '@path': [path], '@query': [`?${query.join('?')}`] }[name] ?? null;
});

/** The library as it comes: it reads the target off a URL, which it hands to `new URL`. */
export const alone = peer('theirs as it comes');

function peer(name, componentParser) {
  return { name, caller: 'gateway-1', sign: signing(componentParser), verifier: verifying(componentParser) };
}

function signing(componentParser) {
  return async (request, extra = [], label = 'counterseal') => {
    const { body } = request;
    const isDigested = request.fields.some(([name]) => name === 'Content-Digest');
    const digest = body.length > 0 && !isDigested ? [['Content-Digest', digestOf(body)]] : [];
    const fields = [...request.fields, ...digest];
    const config = {
      key: createSigner(SECRET, ALG, 'gateway-1'),
      name: label,
      fields: due({ ...request, fields }, extra),
      params: PARAMS,
      paramValues: { nonce: randomBytes(16).toString('base64url'), tag: label },
      componentParser,
    };
    const { headers } = await httpbis.signMessage(config, messageOf({ ...request, fields }));
    return { ...request, fields: Object.entries(headers) };
  };
}

// It takes any authority that was signed, and any tag and label: which are wanted is for whoever calls it.
function verifying(componentParser) {
  return (authorities, extra = []) => async (request) => {
    if (!authorities.includes(urlOf({ ...request, target: '' }))) {
      throw new Refused("another server's");
    }
    const ours = ({ keyid, tag }) => (keyid === 'gateway-1' && tag === 'counterseal' ? { verify: createVerifier(SECRET, ALG), algs: [ALG] } : null);
    const config = { keyLookup: async (params) => ours(params), requiredParams: PARAMS, requiredFields: due(request, extra), maxAge: 60, tolerance: 5, componentParser };
    const verdict = await httpbis.verifyMessage(config, messageOf(request)).catch((error) => error.message);
    if (verdict !== true) {
      throw new Refused(String(verdict));
    }
    const digest = new Map(request.fields).get('Content-Digest');
    if ((request.body.length > 0 || digest !== undefined) && digest !== digestOf(request.body)) {
      throw new Refused('another body');
    }
    return 'gateway-1';
  };
}

function due({ fields, body }, extra) {
  const carried = ['content-type', 'content-encoding'].filter((due) => fields.some(([name]) => name.toLowerCase() === due));
  return [...DERIVED, ...(body.length > 0 ? ['content-digest'] : []), ...carried, ...extra];
}

function messageOf(request) {
  return { ...request, url: urlOf(request), headers: Object.fromEntries(request.fields) };
}

function digestOf(body) {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

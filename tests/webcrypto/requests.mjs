// Signed HTTP requests: what was signed, rebuilt from what arrived or left (the wire contract, section 3; RFC 9421, section 2.5).

const PORTS = { http: '80', https: '443' };

// The signature base of a request that a signer added these fields to, and its signature.
export function left({ method, url, headers = [] }, added) {
  const [, scheme, authority, target] = /^([^:]*):\/\/([^/?#]*)([^#]*)/.exec(url);
  return signedBase({ method, target, headers: [...headers, ...added] }, signedAuthority(scheme, authority));
}

// The same of a request that arrived, for each name that its verifier goes by.
export function arrived({ method, target, headers, authorities }) {
  const origin = /^https?:\/\/[^/?]*(.*)$/i.exec(target);
  const named = authorities.map((own) => /^(?:([^:]*):\/\/)?(.*)$/.exec(own)).map(([, scheme = 'https', name]) => signedAuthority(scheme, name));
  return named.map((authority) => signedBase({ method, target: origin ? origin[1] : target, headers }, authority));
}

// The SHA-256 that Content-Digest names, as padded base64; undefined where it is not signed.
export function signedDigest({ base }) {
  return /^"content-digest": .*?sha-256=:([^:]*):/m.exec(base)?.[1];
}

function signedAuthority(scheme, text) {
  return text.toLowerCase().replace(new RegExp(`:${PORTS[scheme.toLowerCase()]}$`), '');
}

function signedBase({ method, target, headers }, authority) {
  const [, path, query] = /^([^?]*)(.*)$/.exec(target);
  const derived = { '@method': method, '@authority': authority, '@path': path || '/', '@query': query || '?' };
  const field = (name) => headers.filter(([known]) => known.toLowerCase() === name).map(([, value]) => text(value)).join(', ');
  const member = own(field('signature-input'), /\([^)]*\)[^,]*/);
  const lines = member.slice(1, member.indexOf(')')).split(' ').map((item) => [item, item.slice(1, -1)]);
  const base = [...lines.map(([item, name]) => `${item}: ${derived[name] ?? field(name)}`), `"@signature-params": ${member}`].join('\n');
  return { base, keyId: /;keyid="([^"]*)"/.exec(member)[1], signature: own(field('signature'), /:[^:]*:/).slice(1, -1) };
}

// Our member of a dictionary that a strict reader has accepted.
function own(field, value) {
  return new RegExp(`(?:^|[, \\t])counterseal=(${value.source})`).exec(field)[1];
}

function text(value) {
  const decoded = typeof value === 'string' ? value : Buffer.from(value.bytes, 'base64url').toString('latin1');
  return decoded.replace(/^[ \t]+|[ \t]+$/g, '');
}

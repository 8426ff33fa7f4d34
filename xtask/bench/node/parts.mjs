// Raw parts: the product, and the hand-written lines that it stands in for.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { fastest, timed, turns } from './contest.mjs';

// The product's turn, by whichever engine its classes are of.
export function verifyParts({ Key, Keyring, MemoryReplayGuard, PacketVerifier }, given, size) {
  const keyring = new Keyring([new Key(given.key_id, { secret: given.secret })]);
  const { key_id: keyId, kind, context, now } = given;
  const { body, signed, earlier } = packetsOf(given, size);
  const next = turns(signed);
  // Its guard has held as many other nonces at an earlier time: a server's guard seldom is new.
  const renewed = () => {
    const used = new PacketVerifier(keyring, { guard: new MemoryReplayGuard({ capacity: given.guard }) });
    const ts = given.earlier;
    for (const { nonce, sig } of earlier) used.verifyParts({ keyId, kind, body, context, ts, nonce, sig, now: ts });
    return used;
  };
  let verifier;
  return (calls) => {
    const { first, items } = next(calls);
    if (first) {
      verifier = renewed();
    }
    return timed(items, (packets) => {
      let accepted = 0;
      for (const { nonce, sig } of packets) {
        accepted += verifier.verifyParts({ keyId, kind, body, context, ts: now, nonce, sig, now }).keyId === keyId ? 1 : 0;
      }
      return accepted;
    });
  };
}

// `createHmac` over the same parts, with its key and its joining as is fastest for it.
export async function byCreateHmac(given, size) {
  const { key_id: keyId, kind, context, now: ts } = given;
  const { body, signed } = packetsOf(given, size);
  const bytes = Buffer.from(given.secret.slice(4), 'hex');
  const object = createSecretKey(bytes);
  const head = (nonce) => `counterseal-packet-v1\n${keyId}\n${ts}\n${nonce}\n${context}\n${kind}\n`;
  const updated = (secret) => (packets) => {
    let accepted = 0;
    for (const { nonce, sig } of packets) {
      const tag = createHmac('sha256', secret).update(head(nonce)).update(body).digest();
      accepted += timingSafeEqual(tag, Buffer.from(sig, 'base64url')) ? 1 : 0;
    }
    return accepted;
  };
  const joined = (secret) => (packets) => {
    let accepted = 0;
    for (const { nonce, sig } of packets) {
      const message = Buffer.concat([Buffer.from(head(nonce)), body]);
      const tag = createHmac('sha256', secret).update(message).digest();
      accepted += timingSafeEqual(tag, Buffer.from(sig, 'base64url')) ? 1 : 0;
    }
    return accepted;
  };
  const ways = {
    'KeyObject, two updates': updated(object),
    'Buffer key, two updates': updated(bytes),
    'KeyObject, one concatenation': joined(object),
    'Buffer key, one concatenation': joined(bytes),
  };
  const next = turns(signed);
  const { name, way } = await fastest(ways, (all, calls) => timed(next(calls).items, all));
  const version = `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`;
  return { version, name, turn: (calls) => timed(next(calls).items, way) };
}

export function packetsOf(given, size) {
  const { body, parts, earlier } = given.packets[size];
  const listed = (all) => all.map(([nonce, sig]) => ({ nonce, sig }));
  return { body: Buffer.from(body), signed: listed(parts), earlier: listed(earlier) };
}

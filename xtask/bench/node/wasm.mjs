// The contests of the wasm build in Node.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { timingSafeEqual } from 'node:crypto';
import * as counterseal from '../../../wasm/dist/node.js';
import { packageVersion, play, timed, timedAwaiting, turns } from './contest.mjs';
import { byCreateHmac, packetsOf, verifyParts } from './parts.mjs';

const { engine, version } = counterseal.about();
const { subtle } = globalThis.crypto;

await play(version, `Node ${process.versions.node}, ${engine}`, {
  'wasm-parts': async (given, size) => {
    const createhmac = await byCreateHmac(given, size);
    return {
      product: verifyParts(counterseal, given, size),
      peers: { createhmac, noble: byNoble(given, size), webcrypto: await byWebCrypto(given, size) },
      remark: `createHmac with ${createhmac.name}`,
    };
  },
});

function byNoble(given, size) {
  const { body, signed } = packetsOf(given, size);
  const secret = Uint8Array.from(Buffer.from(given.secret.slice(4), 'hex'));
  const next = turns(signed);
  const all = (packets) => {
    let accepted = 0;
    for (const { nonce, sig } of packets) {
      const tag = hmac(sha256, secret, message(given, nonce, body));
      accepted += timingSafeEqual(tag, Buffer.from(sig, 'base64url')) ? 1 : 0;
    }
    return accepted;
  };
  return { version: packageVersion('@noble/hashes'), turn: (calls) => timed(next(calls).items, all) };
}

async function byWebCrypto(given, size) {
  const { body, signed } = packetsOf(given, size);
  const secret = Buffer.from(given.secret.slice(4), 'hex');
  const key = await subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const next = turns(signed);
  const all = async (packets) => {
    let accepted = 0;
    for (const { nonce, sig } of packets) {
      accepted += (await subtle.verify('HMAC', key, Buffer.from(sig, 'base64url'), message(given, nonce, body))) ? 1 : 0;
    }
    return accepted;
  };
  const about = `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`;
  return { version: about, turn: (calls) => timedAwaiting(next(calls).items, all) };
}

function message({ key_id: keyId, kind, context, now: ts }, nonce, body) {
  return Buffer.concat([Buffer.from(`counterseal-packet-v1\n${keyId}\n${ts}\n${nonce}\n${context}\n${kind}\n`), body]);
}

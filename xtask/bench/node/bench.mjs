// Node's rows of `cargo xtask bench`: inputs as JSON on standard input, one JSON object a row on standard output.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import jwt from 'jsonwebtoken';
import { Key, Keyring, MemoryReplayGuard, PacketVerifier, TokenVerifier, about } from '../../../node/dist/index.js';

const given = JSON.parse(readFileSync(0, 'utf8'));
const { engine, version } = about();
if (engine !== 'native') {
  throw new Error(`the addon did not load: this would measure the ${engine} engine`);
}
const peers = JSON.parse(readFileSync(new URL('node_modules/jsonwebtoken/package.json', import.meta.url), 'utf8'));

row('node-parts', `OpenSSL ${process.versions.openssl}`, ...parts());
row('node-token', peers.version, ...tokens());

function parts() {
  const keyring = new Keyring([new Key(given.key_id, { secret: given.secret })]);
  const { key_id: keyId, kind, context, now, parts: signed } = given;
  const body = Buffer.from(given.body);
  const ours = turns(signed);
  let verifier;
  const product = () => {
    const { first, items } = ours.next().value;
    if (first) {
      verifier = new PacketVerifier(keyring, { guard: new MemoryReplayGuard() });
    }
    return timed(items, ({ nonce, sig }) => verifier.verifyParts({ keyId, kind, body, context, ts: now, nonce, sig, now }));
  };

  const secret = createSecretKey(given.secret.slice(4), 'hex');
  const theirs = turns(signed.map(({ input, sig }) => ({ message: Buffer.from(input), sig })));
  const peer = () =>
    timed(theirs.next().value.items, ({ message, sig }) =>
      timingSafeEqual(createHmac('sha256', secret).update(message).digest(), Buffer.from(sig, 'base64url')));
  return [product, peer];
}

function tokens() {
  const key = new Key(given.token_key_id, { secret: given.token_secret, uses: ['token'] });
  const verifier = new TokenVerifier(new Keyring([key]));
  const secret = createSecretKey(given.token_secret.slice(4), 'hex');
  const options = { algorithms: ['HS256'] };
  const [ours, theirs] = [turns(given.tokens), turns(given.tokens)];
  return [
    () => timed(ours.next().value.items, (token) => verifier.verify(token).claims),
    () => timed(theirs.next().value.items, (token) => jwt.verify(token, secret, options)),
  ];
}

// The items, a batch at a time, over and over.
function* turns(items) {
  for (;;) {
    for (let at = 0; at < items.length; at += given.batch) {
      yield { first: at === 0, items: items.slice(at, at + given.batch) };
    }
  }
}

// Nanoseconds of one call, the mean over the items. What refuses by throwing ends the bench, as does what answers false.
function timed(items, each) {
  let accepted = 0;
  const begun = process.hrtime.bigint();
  for (const item of items) {
    accepted += each(item) ? 1 : 0;
  }
  const elapsed = Number(process.hrtime.bigint() - begun);
  if (accepted !== items.length) {
    throw new Error(`${items.length - accepted} of ${items.length} inputs were refused`);
  }
  return elapsed / items.length;
}

function row(name, peerVersion, product, peer) {
  console.error(`  … ${name}`);
  const samples = { product: [], peer: [] };
  for (let turn = 0; turn < given.warm_up + given.rounds; turn += 1) {
    for (const [side, run] of [['product', product], ['peer', peer]]) {
      const sample = run();
      if (turn >= given.warm_up) {
        samples[side].push(sample);
      }
    }
  }
  const runtime = `Node ${process.versions.node}, ${engine}`;
  console.log(JSON.stringify({ row: name, version, runtime, peer_version: peerVersion, ...samples }));
}

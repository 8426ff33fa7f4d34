// Node's contests of `cargo xtask bench`.
import { createVerifier } from 'fast-jwt';
import jwt from 'jsonwebtoken';
import { createSecretKey } from 'node:crypto';
import * as counterseal from '../../../node/dist/index.js';
import { packageVersion, play, timed, turns } from './contest.mjs';
import { byCreateHmac, verifyParts } from './parts.mjs';

const { about, Key, Keyring, TokenVerifier } = counterseal;
const { engine, version } = about();

await play(version, `Node ${process.versions.node}, ${engine}`, {
  'node-parts': async (given, size) => {
    checkEngine();
    const createhmac = await byCreateHmac(given, size);
    return { product: verifyParts(counterseal, given, size), peers: { createhmac }, remark: `createHmac with ${createhmac.name}` };
  },
  'node-token': (given, size) => {
    checkEngine();
    return tokens(given, given.tokens[size]);
  },
});

function checkEngine() {
  if (engine !== 'native') {
    throw new Error(`the addon did not load: this would measure the ${engine} engine`);
  }
}

function tokens(given, signed) {
  const key = new Key(given.token_key_id, { secret: given.token_secret, uses: ['token'] });
  const verifier = new TokenVerifier(new Keyring([key]));
  const secret = Buffer.from(given.token_secret.slice(4), 'hex');
  const fast = createVerifier({ key: secret, algorithms: ['HS256'] });
  const cached = createVerifier({ key: secret, algorithms: ['HS256'], cache: 2 * signed.length });
  signed.forEach((token) => cached(token));
  const options = { algorithms: ['HS256'] };
  const keyObject = createSecretKey(secret);
  const turn = (all) => {
    const next = turns(signed);
    return (calls) => timed(next(calls).items, all);
  };
  const version = packageVersion('fast-jwt');
  return {
    product: turn((some) => {
      let accepted = 0;
      for (const token of some) {
        accepted += verifier.verify(token).claims.role === 'engine' ? 1 : 0;
      }
      return accepted;
    }),
    peers: {
      fastjwt: {
        version,
        turn: turn((some) => {
          let accepted = 0;
          for (const token of some) {
            accepted += fast(token).role === 'engine' ? 1 : 0;
          }
          return accepted;
        }),
      },
      'fastjwt-cached': {
        version,
        turn: turn((some) => {
          let accepted = 0;
          for (const token of some) {
            accepted += cached(token).role === 'engine' ? 1 : 0;
          }
          return accepted;
        }),
      },
      jsonwebtoken: {
        version: packageVersion('jsonwebtoken'),
        turn: turn((some) => {
          let accepted = 0;
          for (const token of some) {
            accepted += jwt.verify(token, keyObject, options).role === 'engine' ? 1 : 0;
          }
          return accepted;
        }),
      },
    },
  };
}

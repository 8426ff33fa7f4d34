// Our signer and verifier, in JavaScript.
import { CountersealError, Key, Keyring, RequestSigner, RequestVerifier } from '../../node/dist/index.js';
import { Refused, urlOf } from './wire.mjs';

export const SECRET = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const KEY = new Key('gateway-1', { secret: `hex:${SECRET.toString('hex')}`, owner: 'gateway' });

export const name = 'ours';
export const caller = 'gateway';

export function sign(request, extraFields = []) {
  const { method, fields, body } = request;
  const signed = new RequestSigner(KEY, { extraFields }).sign({ method, url: urlOf(request), headers: fields, body });
  return { ...request, fields: [...fields, ...signed] };
}

export function verifier(authorities, extraFields = []) {
  const ours = new RequestVerifier(new Keyring([KEY]), { authorities, extraFields });
  return ({ method, target, fields, body }) => {
    try {
      return ours.verify({ method, target, headers: fields, body }).owner;
    } catch (error) {
      throw error instanceof CountersealError ? new Refused(error.code) : error;
    }
  };
}

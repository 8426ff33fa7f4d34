import type { RawRefusal, RawVerified, RawVerifiedToken } from '../facade/engine.js';
import { type Fields, sizeOf } from './memory.js';
import { memory, optionalText, Thing } from './thing.js';

/** The arguments that all signing shares. */
export function signed(body: Uint8Array, context: string, nonce: string | undefined, more = 0): [number, number, number] {
  memory.begin(sizeOf(body) + 3 * (context.length + (nonce?.length ?? 0) + more));
  return [memory.bytes(body), memory.text(context), optionalText(nonce)];
}

/** What a verified token says, and the ticket that it may be. */
export function tokenEvidence(fields: Fields): RawVerifiedToken {
  const found = { claimsText: fields.text(), keyId: fields.text(), owner: fields.text() };
  return fields.ended ? found : { ...found, ticket: new VerifiedTicket(fields.number()) };
}

/** Who signed what. */
export function evidence(fields: Fields, keyId = fields.text()): RawVerified {
  const [owner, timestamp, nonce, kind] = [fields.text(), fields.number(), fields.text(), fields.text()];
  return kind === 'json'
    ? { keyId, owner, timestamp, nonce, payloadText: fields.text() }
    : { keyId, owner, timestamp, nonce, data: fields.bytes().slice().buffer as ArrayBuffer };
}

/** One row of a batch. No key id is empty. */
export function evidenceOrRefusal(fields: Fields): RawVerified | RawRefusal {
  const first = fields.text();
  return first === '' ? { error: fields.text() } : evidence(fields, first);
}

/** What the module keeps of a verified ticket. */
export class VerifiedTicket extends Thing {}

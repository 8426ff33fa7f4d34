// Compiled, never run: what the types allow, and what they must refuse.
import {
  CountersealError,
  Key,
  Keyring,
  PacketSigner,
  PacketVerifier,
  TokenVerifier,
  Verified,
  type ErrorCode,
  type Packet,
} from '../dist/node.js';

const key = new Key('k', { secret: new Uint8Array(32), uses: ['packet', 'request'], notAfter: undefined });
const signer = new PacketSigner(key, { bodyLimit: 10 });
const packet: Packet = signer.sign({ a: 1 }, { context: 'c', now: 1 });
const verified: Verified = new PacketVerifier(new Keyring([key]), { allow: ['k'] }).verify(packet, { context: 'c' });
const unknown: unknown = verified.payload;
const code: ErrorCode = new CountersealError('expired', 'why').code;
new TokenVerifier(new Keyring(), { claims: { role: { any_of: ['engine'] }, id: { type: 'string' } } });
void [unknown, code];

// @ts-expect-error a context is required
signer.sign({}, {});
// @ts-expect-error a context is required
signer.sign({});
// @ts-expect-error an unknown option
signer.sign({}, { context: '', when: 1 });
// @ts-expect-error text is not bytes
signer.signBytes('text', { context: '' });
// @ts-expect-error a secret is required
new Key('k', {});
// @ts-expect-error not a code of the list
new CountersealError('wrong', 'why');
// @ts-expect-error only a verifier makes evidence
new Verified();
// @ts-expect-error a key is no keyring
new PacketVerifier(key);
// @ts-expect-error what has the shape of a key is no key
new PacketSigner({ id: 'k', owner: 'k', toJSON: () => ({ id: 'k', owner: 'k' }) });

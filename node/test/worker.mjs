// One thread of many: signs, verifies, and counts what it verified to the letter.
import { parentPort, workerData } from 'node:worker_threads';
import { Key, Keyring, PacketSigner, PacketVerifier } from 'counterseal';

const { number, rounds } = workerData;
const key = new Key(`k-${number}`, { secret: new Uint8Array(32).fill(number), owner: `o-${number}` });
const [signer, verifier] = [new PacketSigner(key), new PacketVerifier(new Keyring([key]))];
let verified = 0;
for (let round = 0; round < rounds; round++) {
  const [body, context] = [new Uint8Array(round % 100).fill(number), `c-${round % 3}`];
  const evidence = verifier.verifyParts({ keyId: key.id, kind: 'bytes', body, context, ...signer.signParts({ kind: 'bytes', body, context }) });
  verified += evidence.owner === key.owner && evidence.data.length === body.length && evidence.data.every((byte) => byte === number) ? 1 : 0;
}
parentPort.postMessage(`${number}: ${verified}`);

import assert from 'node:assert/strict';

export const SECRET = 'hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
export const NONCE = 'AAECAwQFBgcICQoLDA0ODw';
export const NOW = 1708167234;

/** Calls that must end in this SDK's own error, with this code. */
export function refused(api, code, run, detail) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof api.CountersealError, `not the SDK's own error: ${error?.stack}`);
    assert.equal(error.code, code, error.message);
    if (detail !== undefined) {
      assert.match(error.message, detail);
    }
    return true;
  });
}

/** A signer and a fresh verifier with the same key. */
export function pair(api, options) {
  const key = new api.Key('engine-7', { secret: SECRET });
  return {
    signer: new api.PacketSigner(key),
    verifier: new api.PacketVerifier(new api.Keyring([key]), options),
  };
}

/** The fixed time and nonce of the golden vectors. */
export const at = (context = '') => ({ context, now: NOW, nonce: NONCE });

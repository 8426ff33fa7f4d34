import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { asTicket, gateway, NONCE, NOW, opened, parties, SECRET, signedRequest, TYP } from './common.mjs';

/**
 * `held` reads how many bytes the engine holds, or the process where the engine cannot tell. The bounds are half of what a leak of
 * the bytes or secrets handed in would come to.
 */
export function memory(api, held) {
  memoryOfPackets(api, held);
  memoryOfTheRest(api, held);
}

/** What a client has too. */
export function memoryOfPackets(api, held) {
  test('100,000 verifications leave nothing behind', async () => {
    const key = new api.Key('k', { secret: SECRET });
    const signer = new api.PacketSigner(key);
    const verifier = new api.PacketVerifier(new api.Keyring([key]), { maxAge: 1 });
    const data = new Uint8Array(2048);
    // Each packet outdates the one before, so that the guard stays as it is.
    const rounds = (from, to) => {
      for (let round = from; round < to; round++) {
        const options = { context: '', now: NOW + round * 70 };
        verifier.verifyParts({ ...options, keyId: 'k', kind: 'bytes', body: data, ...signer.signParts({ ...options, kind: 'bytes', body: data }) });
      }
    };
    rounds(0, 20_000);
    await collect();
    const before = held();
    rounds(20_000, 120_000);
    await collect();
    assert.ok(held() - before < 100_000_000, `grew by ${held() - before} bytes`);
  });

  test('keys that nobody holds are given back', async () => {
    const make = async () => {
      for (let made = 0; made < 5_000; made++) {
        new api.PacketVerifier(new api.Keyring([new api.Key('k', { secret })]), { guard });
      }
      await collect();
    };
    const guard = new api.MemoryReplayGuard();
    const secret = new Uint8Array(1024);
    await make();
    const before = held();
    for (let round = 0; round < 5; round++) {
      await make();
    }
    assert.ok(held() - before < 12_000_000, `grew by ${held() - before} bytes`);
  });
}

function memoryOfTheRest(api, held) {
  test('verifiers of requests, policies, and requests that nobody finished are given back', async () => {
    const { key, ring } = gateway(api);
    const guard = new api.MemoryReplayGuard();
    const names = Array.from({ length: 200 }, (_, index) => `service-${index}`);
    const policy = { vault: { rules: [{ callers: ['gateway', ...names] }] } };
    const { body, ...head } = signedRequest(api);
    const make = async () => {
      for (let made = 0; made < 400; made++) {
        new api.RequestSigner(key, { extraFields: names });
        const trust = new api.Trust(policy);
        const verifier = new api.RequestVerifier(ring, { authorities: ['http://vault.internal:8200'], guard, trust, callee: 'vault' });
        for (let begun = 0; begun < 20; begun++) {
          verifier.begin({ ...head, now: NOW }).update(body);
        }
        if (made % 100 === 0) {
          await collect();
        }
      }
      await collect();
    };
    await make();
    const before = held();
    for (let round = 0; round < 5; round++) {
      await make();
    }
    assert.ok(held() - before < 8_000_000, `grew by ${held() - before} bytes`);
  });

  test('messages that a store was asked about are given back, whatever it said', async () => {
    const key = new api.Key('k', { secret: SECRET });
    let asked = 0;
    const guard = new api.SharedReplayGuard({ claim: async () => (asked++ % 2 === 0 ? 0 : 3) });
    const verifier = new api.PacketVerifier(new api.Keyring([key]), { guard });
    const at = { context: '', now: NOW };
    const packet = new api.PacketSigner(key).signBytes(new Uint8Array(8192), at);
    const make = async () => {
      for (let made = 0; made < 5_000; made++) {
        await verifier.verifyAsync(packet, at).catch(() => undefined);
        if (made % 500 === 0) {
          await collect();
        }
      }
      await collect();
    };
    await make();
    const before = held();
    for (let round = 0; round < 4; round++) {
      await make();
    }
    assert.equal(asked, 25_000);
    assert.ok(held() - before < 80_000_000, `grew by ${held() - before} bytes`);
  });

  test('sessions and verified tickets that nobody holds are given back', async () => {
    const tokens = new api.TokenVerifier(parties(api).authRing, { typ: TYP, audience: 'hub' });
    const ticket = asTicket({ aud: 'hub', exp: NOW + 60, jti: NONCE, sub: 'page-1', note: 'x'.repeat(5500) });
    const make = async () => {
      for (let made = 0; made < 600; made++) {
        api.ticketKeys(SECRET, tokens.verify(ticket, { now: NOW }), 'hub');
        if (made % 100 === 0) {
          Array.from({ length: 10 }, () => opened(api));
          await collect();
        }
      }
      await collect();
    };
    await make();
    const before = held();
    for (let round = 0; round < 5; round++) {
      await make();
    }
    assert.ok(held() - before < 8_000_000, `grew by ${held() - before} bytes`);
  });
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

async function collect() {
  for (let turn = 0; turn < 10; turn++) {
    gc();
    await setImmediate();
  }
}

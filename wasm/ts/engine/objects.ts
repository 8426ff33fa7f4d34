import type { RawGuard, RawKey, RawKeyring, RawPacketSigner, RawRefusal, RawSecret, RawSignature, RawVerified, RawVerifiedToken } from '../facade/engine.js';
import { evidence, evidenceOrRefusal, signed, tokenEvidence } from './evidence.js';
import { Fields, sizeOf } from './memory.js';
import { done, memory, rows, said, Thing, wasm } from './thing.js';

// What the whole engine and a client's have both.

export class Secret extends Thing implements RawSecret {
  static fromText(text: string): Secret {
    memory.begin(3 * text.length);
    return new Secret(wasm.secret_from_text(memory.text(text)));
  }

  static fromBytes(bytes: Uint8Array): Secret {
    memory.begin(sizeOf(bytes));
    return new Secret(wasm.secret_from_bytes(memory.bytes(bytes)));
  }

  static generate(): Secret {
    return new Secret(wasm.secret_generate());
  }

  expose(): string {
    const bytes = memory.answer(done(wasm.secret_expose(this.handle)));
    const text = String.fromCharCode(...bytes);
    bytes.fill(0);
    return text;
  }
}

export class Key extends Thing implements RawKey {
  readonly id: string;
  readonly owner: string;

  constructor(id: string, secret: Secret, options: string) {
    memory.begin(3 * (id.length + options.length));
    super(wasm.key_new(memory.text(id), secret.handle, memory.text(options)));
    this.id = id;
    this.owner = new Fields(memory.answer(MOST_OWNER)).text();
  }
}

export class Keyring extends Thing implements RawKeyring<Key> {
  constructor() {
    super(wasm.keyring_new());
  }

  add(key: Key): void {
    done(wasm.keyring_add(this.handle, key.handle));
  }

  remove(id: string): boolean {
    memory.begin(3 * id.length);
    return done(wasm.keyring_remove(this.handle, memory.text(id))) === 1;
  }

  revoke(id: string): boolean {
    memory.begin(3 * id.length);
    return done(wasm.keyring_revoke(this.handle, memory.text(id))) === 1;
  }

  ids(): string[] {
    return rows(wasm.keyring_ids(this.handle), (fields) => fields.text());
  }
}

export class Guard extends Thing implements RawGuard {
  constructor(options: string) {
    memory.begin(3 * options.length);
    super(wasm.guard_new(memory.text(options)));
  }

  size(): number {
    return done(wasm.guard_size(this.handle));
  }
}

export class PacketSigner extends Thing implements RawPacketSigner {
  constructor(key: Key, options: string) {
    memory.begin(3 * options.length);
    super(wasm.signer_new(key.handle, memory.text(options)));
  }

  signJson(payload: Uint8Array, context: string, now?: number, nonce?: string): string {
    const given = signed(payload, context, nonce);
    return said(wasm.sign_json(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }

  signBytes(data: Uint8Array, context: string, now?: number, nonce?: string): string {
    const given = signed(data, context, nonce);
    return said(wasm.sign_bytes(this.handle, ...given, now ?? 0, now === undefined ? 0 : 1));
  }

  signParts(kind: string, body: Uint8Array, context: string, now?: number, nonce?: string): RawSignature {
    const given = signed(body, context, nonce, kind.length);
    const length = wasm.sign_parts(this.handle, ...given, memory.text(kind), now ?? 0, now === undefined ? 0 : 1);
    const fields = new Fields(memory.answer(done(length)));
    return { timestamp: fields.number(), nonce: fields.text(), sig: fields.text() };
  }
}

export class PacketVerifier extends Thing {
  constructor(ring: Keyring, options: string, guard = 0, make = wasm.verifier_new) {
    memory.begin(3 * options.length);
    super(make(ring.handle, guard, memory.text(options)));
  }

  static withGuard<V>(this: new (ring: Keyring, options: string, guard: number) => V, ring: Keyring, guard: Guard, options: string): V {
    return new this(ring, options, guard.handle);
  }

  verify(packet: Uint8Array, context: string, now?: number): RawVerified {
    memory.begin(sizeOf(packet) + 3 * context.length);
    const length = wasm.verify(this.handle, memory.bytes(packet), memory.text(context), now ?? 0, now === undefined ? 0 : 1);
    return evidence(new Fields(memory.answer(done(length))));
  }

  verifyParts(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now?: number,
  ): RawVerified {
    const owner = said(this.parts(keyId, kind, body, ts, nonce, sig, context, now ?? 0, now === undefined ? 0 : 1));
    return kind === 'json'
      ? { keyId, owner, timestamp: ts, nonce, payloadText: memory.firstText(sizeOf(body)) }
      : { keyId, owner, timestamp: ts, nonce, data: memory.firstBytes(sizeOf(body)).buffer as ArrayBuffer };
  }

  verifyBatch(packets: Uint8Array[], context: string, now?: number): (RawVerified | RawRefusal)[] {
    memory.begin(packets.reduce((sum, packet) => sum + 4 + sizeOf(packet), 3 * context.length));
    packets.forEach((packet) => memory.length(sizeOf(packet)));
    packets.forEach((packet) => memory.bytes(packet));
    const length = wasm.verify_batch(this.handle, packets.length, memory.text(context), now ?? 0, now === undefined ? 0 : 1);
    return rows(length, evidenceOrRefusal);
  }

  protected parts(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now: number,
    given: number,
    run = wasm.verify_parts,
  ): number {
    memory.begin(sizeOf(body) + 3 * (keyId.length + nonce.length + sig.length + context.length + kind.length));
    return run(
      this.handle,
      memory.bytes(body),
      memory.text(keyId),
      memory.text(nonce),
      memory.text(sig),
      memory.text(context),
      memory.text(kind),
      ts,
      now,
      given,
    );
  }
}

export class TokenVerifier extends Thing {
  constructor(ring: Keyring, policy: string) {
    memory.begin(3 * policy.length);
    super(wasm.token_verifier_new(ring.handle, memory.text(policy)));
  }

  verify(token: Uint8Array, now?: number): RawVerifiedToken {
    memory.begin(sizeOf(token));
    const length = wasm.token_verify(this.handle, memory.bytes(token), now ?? 0, now === undefined ? 0 : 1);
    return tokenEvidence(new Fields(memory.answer(done(length))));
  }
}

const MOST_OWNER = 4 + 64;

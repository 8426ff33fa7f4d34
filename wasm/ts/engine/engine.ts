import type {
  RawEngine,
  RawGuard,
  RawKey,
  RawKeyring,
  RawPacketSigner,
  RawPacketVerifier,
  RawRefusal,
  RawSecret,
  RawSignature,
  RawTokenIssuer,
  RawTokenVerifier,
  RawVerified,
  RawVerifiedToken,
} from '../facade/engine.js';
import { Fields, Memory, sizeOf } from './memory.js';
import { instantiate, type Exports } from './module.js';

let wasm: Exports;
let memory: Memory;
let running: RawEngine<Secret, Key, Keyring, Guard> | undefined;

/** The wasm engine on this module; the one that runs already, if one does, since its objects know no other. */
export function start(module: () => WebAssembly.Module): RawEngine<Secret, Key, Keyring, Guard> {
  if (running === undefined) {
    wasm = instantiate(module());
    memory = new Memory(wasm);
    running = ENGINE;
  }
  return running;
}

/** An object inside the module, given back when nothing here holds it any more. */
class Thing {
  readonly handle: number;

  constructor(handle: number) {
    this.handle = done(handle);
    released.register(this, this.handle);
  }
}

const released = new FinalizationRegistry<number>((handle) => wasm.forget(handle));

class Secret extends Thing implements RawSecret {
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

class Key extends Thing implements RawKey {
  readonly id: string;
  readonly owner: string;

  constructor(id: string, secret: Secret, options: string) {
    memory.begin(3 * (id.length + options.length));
    super(wasm.key_new(memory.text(id), secret.handle, memory.text(options)));
    this.id = id;
    this.owner = new Fields(memory.answer(MOST_OWNER)).text();
  }
}

class Keyring extends Thing implements RawKeyring<Key> {
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

class Guard extends Thing implements RawGuard {
  constructor(options: string) {
    memory.begin(3 * options.length);
    super(wasm.guard_new(memory.text(options)));
  }

  size(): number {
    return done(wasm.guard_size(this.handle));
  }
}

class PacketSigner extends Thing implements RawPacketSigner {
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

class PacketVerifier extends Thing implements RawPacketVerifier {
  readonly signer = { keyId: '', owner: '', timestamp: 0, nonce: '' };

  constructor(ring: Keyring, options: string, guard = 0) {
    memory.begin(3 * options.length);
    super(wasm.verifier_new(ring.handle, guard, memory.text(options)));
  }

  static withGuard(ring: Keyring, guard: Guard, options: string): PacketVerifier {
    return new PacketVerifier(ring, options, guard.handle);
  }

  quickParts(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now: number,
  ): string | Uint8Array | undefined {
    const length = this.#parts(keyId, kind, body, ts, nonce, sig, context, now, now < 0 ? 0 : 1);
    if (length < 0) {
      return undefined;
    }
    // What was verified is what was given: the strings, which are ASCII, and the bytes that still stand in the scratch area.
    this.signer.owner = memory.sameOrNew(this.signer.owner, length);
    this.signer.timestamp = ts;
    return kind === 'json' ? memory.firstText(sizeOf(body)) : memory.firstBytes(sizeOf(body));
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
    const owner = said(this.#parts(keyId, kind, body, ts, nonce, sig, context, now ?? 0, now === undefined ? 0 : 1));
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

  #parts(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now: number,
    given: number,
  ): number {
    memory.begin(sizeOf(body) + 3 * (keyId.length + nonce.length + sig.length + context.length + kind.length));
    return wasm.verify_parts(
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

class TokenIssuer extends Thing implements RawTokenIssuer {
  constructor(key: Key, options: string) {
    memory.begin(3 * options.length);
    super(wasm.issuer_new(key.handle, memory.text(options)));
  }

  issue(claims: Uint8Array, options: string, now?: number): string {
    memory.begin(sizeOf(claims) + 3 * options.length);
    return said(wasm.issue(this.handle, memory.bytes(claims), memory.text(options), now ?? 0, now === undefined ? 0 : 1));
  }

  issueText(claims: Uint8Array, now?: number): string {
    memory.begin(sizeOf(claims));
    return said(wasm.issue_text(this.handle, memory.bytes(claims), now ?? 0, now === undefined ? 0 : 1));
  }
}

class TokenVerifier extends Thing implements RawTokenVerifier {
  constructor(ring: Keyring, policy: string) {
    memory.begin(3 * policy.length);
    super(wasm.token_verifier_new(ring.handle, memory.text(policy)));
  }

  verify(token: Uint8Array, now?: number): RawVerifiedToken {
    memory.begin(sizeOf(token));
    const length = wasm.token_verify(this.handle, memory.bytes(token), now ?? 0, now === undefined ? 0 : 1);
    const fields = new Fields(memory.answer(done(length)));
    return { claimsText: fields.text(), keyId: fields.text(), owner: fields.text() };
  }
}

const ENGINE: RawEngine<Secret, Key, Keyring, Guard> = {
  RawSecret: Secret,
  RawKey: Key,
  RawKeyring: Keyring,
  RawGuard: Guard,
  RawPacketSigner: PacketSigner,
  RawPacketVerifier: PacketVerifier,
  RawTokenIssuer: TokenIssuer,
  RawTokenVerifier: TokenVerifier,

  derive(master, purpose, owner, keyId) {
    memory.begin(3 * (purpose.length + owner.length + keyId.length));
    return new Secret(wasm.derive(master.handle, memory.text(purpose), memory.text(owner), memory.text(keyId)));
  },

  canonicalJson(text) {
    memory.begin(sizeOf(text));
    return said(wasm.canonical_json(memory.bytes(text)));
  },

  generateNonce: () => said(wasm.generate_nonce()),

  errorList: () => rows(wasm.error_list(), (fields) => fields.text()),

  about: () => JSON.stringify({ engine: 'wasm', version: said(wasm.version()) }),
};

/** What a call answered; a refusal is thrown with its text, `code LF detail`. */
function done(outcome: number): number {
  if (outcome < 0) {
    throw new Error(memory.answerText(-1 - outcome));
  }
  return outcome;
}

function said(length: number): string {
  return memory.answerText(done(length));
}

function rows<T>(length: number, row: (fields: Fields) => T): T[] {
  const fields = new Fields(memory.answer(done(length)));
  const all: T[] = [];
  while (!fields.ended) {
    all.push(row(fields));
  }
  return all;
}

// The arguments that all signing shares. A nonce that is absent has no length.
function signed(body: Uint8Array, context: string, nonce: string | undefined, more = 0): [number, number, number] {
  memory.begin(sizeOf(body) + 3 * (context.length + (nonce?.length ?? 0) + more));
  return [memory.bytes(body), memory.text(context), nonce === undefined ? ABSENT : memory.text(nonce)];
}

function evidence(fields: Fields, keyId = fields.text()): RawVerified {
  const [owner, timestamp, nonce, kind] = [fields.text(), fields.number(), fields.text(), fields.text()];
  return kind === 'json'
    ? { keyId, owner, timestamp, nonce, payloadText: fields.text() }
    : { keyId, owner, timestamp, nonce, data: fields.bytes().slice().buffer as ArrayBuffer };
}

// No key id is empty.
function evidenceOrRefusal(fields: Fields): RawVerified | RawRefusal {
  const first = fields.text();
  return first === '' ? { error: fields.text() } : evidence(fields, first);
}

const ABSENT = -1;
const MOST_OWNER = 4 + 64;

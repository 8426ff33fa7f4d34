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
  RawTicket,
  RawTicketIssuer,
  RawTokenIssuer,
  RawTokenVerifier,
  RawVerified,
  RawVerifiedToken,
} from '../facade/engine.js';
import { Claiming, SharedGuard } from './claiming.js';
import { evidence, evidenceOrRefusal, signed, tokenEvidence, type VerifiedTicket } from './evidence.js';
import { Fields, sizeOf } from './memory.js';
import { RequestSigner, RequestVerifier, Trust } from './request.js';
import { Session } from './session.js';
import { begin, done, memory, parts, rows, said, Thing, wasm } from './thing.js';

let running: RawEngine<Secret, Key, Keyring, Guard> | undefined;

/** The wasm engine on this module; the one that runs already, if one does, since its objects know no other. */
export function start(module: () => WebAssembly.Module): RawEngine<Secret, Key, Keyring, Guard> {
  if (running === undefined) {
    begin(module());
    running = ENGINE;
  }
  return running;
}

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

/** A key that the module made by itself. */
class MadeKey extends Thing implements RawKey {
  readonly id: string;
  readonly owner: string;

  constructor(fields: Fields) {
    const [id, owner] = [fields.text(), fields.text()];
    super(fields.number());
    this.id = id;
    this.owner = owner;
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

  constructor(ring: Keyring, options: string, guard = 0, make = wasm.verifier_new) {
    memory.begin(3 * options.length);
    super(make(ring.handle, guard, memory.text(options)));
  }

  static withGuard(ring: Keyring, guard: Guard, options: string): PacketVerifier {
    return new PacketVerifier(ring, options, guard.handle);
  }

  static shared(ring: Keyring, guard: SharedGuard, options: string): PacketVerifier {
    return new PacketVerifier(ring, options, guard.handle, wasm.verifier_shared);
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
    const size = sizeOf(body);
    const isJson = kind === 'json';
    if (!(isJson || kind === 'bytes') || !parts.write(keyId, nonce, sig, context, body, size)) {
      return undefined;
    }
    const time = now < 0 ? Math.floor(Date.now() / 1000) : now;
    const length = wasm.quick_parts(this.handle, keyId.length, context.length, size, isJson ? 1 : 0, ts, time);
    if (length < 0) {
      return undefined;
    }
    // What was verified is what was given: the strings, which are ASCII, and the bytes that still stand where they were written.
    this.signer.owner = parts.owner(length);
    this.signer.timestamp = ts;
    return isJson ? parts.bodyText(size) : parts.body(size);
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

  authenticate(packet: Uint8Array, context: string, now?: number): Claiming<RawVerified> {
    memory.begin(sizeOf(packet) + 3 * context.length);
    return claiming(wasm.authenticate(this.handle, memory.bytes(packet), memory.text(context), now ?? 0, now === undefined ? 0 : 1));
  }

  authenticateParts(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now?: number,
  ): Claiming<RawVerified> {
    return claiming(this.#parts(keyId, kind, body, ts, nonce, sig, context, now ?? 0, now === undefined ? 0 : 1, wasm.authenticate_parts));
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
    return tokenEvidence(new Fields(memory.answer(done(length))));
  }

  accept(session: Session, handshake: Uint8Array, now?: number): RawVerifiedToken {
    memory.begin(sizeOf(handshake));
    const length = wasm.session_accept(session.handle, this.handle, memory.bytes(handshake), now ?? 0, now === undefined ? 0 : 1);
    return tokenEvidence(new Fields(memory.answer(done(length))));
  }
}

class TicketIssuer extends Thing implements RawTicketIssuer {
  constructor(master: Secret, key: Key, audience: string) {
    memory.begin(3 * audience.length);
    super(wasm.ticket_issuer_new(master.handle, key.handle, memory.text(audience)));
  }

  issue(owner: string, options: string, now?: number): RawTicket {
    memory.begin(3 * (owner.length + options.length));
    const length = wasm.ticket_issue(this.handle, memory.text(owner), memory.text(options), now ?? 0, now === undefined ? 0 : 1);
    const fields = new Fields(memory.answer(done(length)));
    return { token: fields.text(), keyId: fields.text(), expires: fields.number(), secret: new Secret(fields.number()) };
  }
}

function claiming(length: number): Claiming<RawVerified> {
  return new Claiming(length, (handle, reply, why) => evidence(new Fields(memory.answer(done(wasm.settle_packet(handle, reply, why))))));
}

const ENGINE: RawEngine<Secret, Key, Keyring, Guard> = {
  RawSecret: Secret,
  RawKey: Key,
  RawKeyring: Keyring,
  RawGuard: Guard,
  RawSharedGuard: SharedGuard,
  RawPacketSigner: PacketSigner,
  RawPacketVerifier: PacketVerifier,
  RawTokenIssuer: TokenIssuer,
  RawTokenVerifier: TokenVerifier,
  RawSession: Session,
  RawTicketIssuer: TicketIssuer,
  RawRequestSigner: RequestSigner,
  RawRequestVerifier: RequestVerifier,
  RawTrust: Trust,

  ticketKeys(master, ticket, server) {
    memory.begin(3 * server.length);
    const length = wasm.ticket_keys(master.handle, (ticket as VerifiedTicket).handle, memory.text(server));
    return rows(length, (fields) => new MadeKey(fields));
  },

  derive(master, purpose, owner, keyId) {
    memory.begin(3 * (purpose.length + owner.length + keyId.length));
    return new Secret(wasm.derive(master.handle, memory.text(purpose), memory.text(owner), memory.text(keyId)));
  },

  canonicalJson(text) {
    memory.begin(sizeOf(text));
    return said(wasm.canonical_json(memory.bytes(text)));
  },

  refusal(code, now) {
    memory.begin(3 * code.length);
    return said(wasm.refusal(memory.text(code), now ?? 0, now === undefined ? 0 : 1));
  },

  guardScript: () => said(wasm.guard_script()),

  guardWarning(info) {
    memory.begin(3 * info.length);
    return said(wasm.guard_warning(memory.text(info)));
  },

  generateNonce: () => said(wasm.generate_nonce()),

  errorList: () => rows(wasm.error_list(), (fields) => fields.text()),

  about: () => JSON.stringify({ engine: 'wasm', version: said(wasm.version()) }),
};

const MOST_OWNER = 4 + 64;

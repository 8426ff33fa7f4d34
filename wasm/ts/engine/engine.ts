import type {
  RawEngine,
  RawKey,
  RawPacketVerifier,
  RawTicket,
  RawTicketIssuer,
  RawTokenIssuer,
  RawTokenVerifier,
  RawVerified,
  RawVerifiedToken,
} from '../facade/engine.js';
import { Claiming, SharedGuard } from './claiming.js';
import { evidence, tokenEvidence, type VerifiedTicket } from './evidence.js';
import { Fields, sizeOf } from './memory.js';
import { Guard, Key, Keyring, PacketSigner, PacketVerifier, Secret, TokenVerifier } from './objects.js';
import { Parts } from './parts.js';
import { RequestSigner, RequestVerifier, Trust } from './request.js';
import { Session } from './session.js';
import { begin, done, memory, rows, said, Thing, wasm } from './thing.js';

/** Where the quick call finds a packet's parts. */
let parts: Parts;
let running: RawEngine<Secret, Key, Keyring, Guard> | undefined;

/** The wasm engine on this module; the one that runs already, if one does, since its objects know no other. */
export function start(module: () => WebAssembly.Module): RawEngine<Secret, Key, Keyring, Guard> {
  if (running === undefined) {
    begin(module());
    parts = new Parts(wasm);
    running = ENGINE;
  }
  return running;
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

class WholePacketVerifier extends PacketVerifier implements RawPacketVerifier {
  readonly signer = { keyId: '', owner: '', timestamp: 0, nonce: '' };

  static shared(ring: Keyring, guard: SharedGuard, options: string): WholePacketVerifier {
    return new WholePacketVerifier(ring, options, guard.handle, wasm.verifier_shared);
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
    return claiming(this.parts(keyId, kind, body, ts, nonce, sig, context, now ?? 0, now === undefined ? 0 : 1, wasm.authenticate_parts));
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

class WholeTokenVerifier extends TokenVerifier implements RawTokenVerifier {
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
  RawPacketVerifier: WholePacketVerifier,
  RawTokenIssuer: TokenIssuer,
  RawTokenVerifier: WholeTokenVerifier,
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

import type {
  RawClaiming,
  RawClaims,
  RawEngine,
  RawGuard,
  RawKeyring,
  RawPacketVerifier,
  RawRefusal,
  RawSession,
  RawSharedGuard,
  RawSigner,
  RawTokenVerifier,
  RawVerified,
  RawVerifiedToken,
  RawVerifierClass,
} from './facade/engine.js';
import type { AuditAddon } from './audit.js';
import { ClaimsReader } from './claims.js';
import { isWellFormed } from './facade/text.js';
import { Memory } from './memory.js';

/** What the addon exports: the façade's engine, and the functions of the quick calls (see the addon's `quick.rs`). */
export interface Addon extends RawEngine, AuditAddon {
  readonly RawMemory: new () => RawMemory;
  readonly RawPacketVerifier: RawVerifierClass<AddonPacketVerifier>;
  readonly RawTokenVerifier: new (ring: RawKeyring, policy: string) => AddonTokenVerifier;
}

interface RawMemory {
  buffer(): ArrayBuffer;
  packets(): [PacketCalls['name'], PacketCalls['parts'], PacketCalls['text'], PacketCalls['bytes'], PacketCalls['signer']];
}

interface AddonPacketVerifier extends RawPacketVerifier {
  quick(memory: RawMemory): number | null;
}

interface AddonTokenVerifier extends RawTokenVerifier {
  quick(memory: RawMemory): [TokenCalls['text'], TokenCalls['signer']];
}

// Each answers undefined where it did not do what it is for. The first argument is the number of the verifier.
interface PacketCalls {
  readonly name: (number: number, keyId: string, kind: string, context: string) => true | undefined;
  readonly parts: (number: number, nonce: string, sig: string) => string | true | undefined;
  readonly text: (number: number, packet: string) => string | true | undefined;
  readonly bytes: (number: number) => string | true | undefined;
  readonly signer: (number: number) => string;
}

interface TokenCalls {
  readonly text: (token: string) => string | undefined;
  readonly signer: () => string;
}

/** The addon as the façade's engine: plain classes over its functions, and one memory for the quick calls of this thread. */
export function nativeEngine(addon: Addon): RawEngine {
  const raw = new addon.RawMemory();
  const memory = new Memory(raw.buffer());
  const calls = packetCalls(raw.packets());
  const native = (verifier: AddonPacketVerifier) => new NativePacketVerifier(verifier, verifier.quick(raw) ?? NOBODY, calls, memory);
  class PacketVerifier extends NativePacketVerifier {
    constructor(ring: RawKeyring, options: string) {
      const verifier = new addon.RawPacketVerifier(ring, options);
      super(verifier, verifier.quick(raw) ?? NOBODY, calls, memory);
    }

    static withGuard(ring: RawKeyring, guard: RawGuard, options: string): RawPacketVerifier {
      return native(addon.RawPacketVerifier.withGuard(ring, guard, options));
    }

    static shared(ring: RawKeyring, guard: RawSharedGuard, options: string): RawPacketVerifier {
      return native(addon.RawPacketVerifier.shared(ring, guard, options));
    }
  }
  class TokenVerifier extends NativeTokenVerifier {
    constructor(ring: RawKeyring, policy: string) {
      super(new addon.RawTokenVerifier(ring, policy), raw, memory);
    }
  }
  return { ...addon, RawPacketVerifier: PacketVerifier, RawTokenVerifier: TokenVerifier };
}

class Signer implements RawSigner {
  keyId = '';
  owner = '';
  timestamp = 0;
  nonce = '';

  read(line: string): void {
    const end = line.indexOf('\n');
    this.keyId = line.slice(0, end);
    this.owner = line.slice(end + 1);
  }
}

class NativePacketVerifier implements RawPacketVerifier {
  readonly signer = new Signer();
  readonly #raw: AddonPacketVerifier;
  readonly #number: number;
  readonly #calls: PacketCalls;
  readonly #memory: Memory;
  #keyId = '';
  #kind = '';
  #context = '';

  constructor(raw: AddonPacketVerifier, number: number, calls: PacketCalls, memory: Memory) {
    this.#raw = raw;
    this.#number = number;
    this.#calls = calls;
    this.#memory = memory;
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
    return this.#isNamed(keyId, kind, context) && this.#memory.put(body, ts, now)
      ? this.#body(this.#calls.parts(this.#number, nonce, sig))
      : undefined;
  }

  quickPacket(packet: string | Uint8Array, context: string, now: number): string | Uint8Array | undefined {
    const memory = this.#memory;
    const isText = typeof packet === 'string';
    if (!this.#isNamed(this.#keyId, this.#kind, context) || !(isText ? isWellFormed(packet) : memory.put(packet, 0, now))) {
      return undefined;
    }
    memory.now = now;
    const body = this.#body(isText ? this.#calls.text(this.#number, packet) : this.#calls.bytes(this.#number));
    if (body !== undefined) {
      this.signer.nonce = memory.nonce;
    }
    return body;
  }

  verify(packet: Uint8Array, context: string, now?: number): RawVerified {
    return this.#raw.verify(packet, context, now);
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
    return this.#raw.verifyParts(keyId, kind, body, ts, nonce, sig, context, now);
  }

  verifyBatch(packets: Uint8Array[], context: string, now?: number): (RawVerified | RawRefusal)[] {
    return this.#raw.verifyBatch(packets, context, now);
  }

  authenticate(packet: Uint8Array, context: string, now?: number): RawClaiming<RawVerified> {
    return this.#raw.authenticate(packet, context, now);
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
  ): RawClaiming<RawVerified> {
    return this.#raw.authenticateParts(keyId, kind, body, ts, nonce, sig, context, now);
  }

  // The addon keeps the names of the last call, which are most often those of the next.
  #isNamed(keyId: string, kind: string, context: string): boolean {
    if (keyId === this.#keyId && kind === this.#kind && context === this.#context) {
      return true;
    }
    if (this.#calls.name(this.#number, keyId, kind, context) === undefined) {
      return false;
    }
    this.#keyId = keyId;
    this.#kind = kind;
    this.#context = context;
    return true;
  }

  #body(answer: string | true | undefined): string | Uint8Array | undefined {
    if (answer === undefined) {
      return undefined;
    }
    if (this.#memory.isOtherSigner) {
      this.signer.read(this.#calls.signer(this.#number));
    }
    this.signer.timestamp = this.#memory.ts;
    return answer === true ? this.#memory.take() : answer;
  }
}

class NativeTokenVerifier implements RawTokenVerifier {
  readonly signer = new Signer();
  readonly #raw: AddonTokenVerifier;
  readonly #shared: RawMemory;
  readonly #memory: Memory;
  readonly #claims: ClaimsReader;
  #calls: TokenCalls | undefined;

  constructor(raw: AddonTokenVerifier, shared: RawMemory, memory: Memory) {
    this.#claims = new ClaimsReader(memory);
    this.#raw = raw;
    this.#shared = shared;
    this.#memory = memory;
  }

  quickToken(token: string, now: number): RawClaims | undefined {
    const calls = (this.#calls ??= tokenCalls(this.#raw.quick(this.#shared)));
    this.#memory.now = now;
    const text = calls.text(token);
    if (text === undefined) {
      return undefined;
    }
    const value = this.#claims.read(text);
    if (this.#memory.isOtherSigner) {
      this.signer.read(calls.signer());
    }
    return { text, value };
  }

  verify(token: Uint8Array, now?: number): RawVerifiedToken {
    return this.#raw.verify(token, now);
  }

  accept(session: RawSession, handshake: Uint8Array, now?: number): RawVerifiedToken {
    return this.#raw.accept(session, handshake, now);
  }
}

function packetCalls([name, parts, text, bytes, signer]: ReturnType<RawMemory['packets']>): PacketCalls {
  return { name, parts, text, bytes, signer };
}

function tokenCalls([text, signer]: ReturnType<AddonTokenVerifier['quick']>): TokenCalls {
  return { text, signer };
}

// The number of no verifier: with it no quick call answers anything.
const NOBODY = 2 ** 32 - 1;

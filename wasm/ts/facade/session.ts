import { callOptions, nonceOf, nowOf, peerText, textLimit } from './arguments.js';
import { bytes } from './bytes.js';
import { engine, type RawSession, type RawStanding } from './engine.js';
import { call, refuse, type ErrorCode } from './errors.js';
import { rawKey, rawKeyring, type Key, type Keyring } from './key.js';
import { walk } from './native.js';
import { readOptions, take, toJson, type Options } from './options.js';
import { explained, type Packet } from './signer.js';
import { encode, text } from './text.js';
import { rawTokenVerifier, tokenEvidence, type NowOption, type TokenVerifier, type VerifiedToken } from './token.js';
import type { Verified } from './verified.js';
import { evidence, packetBytes, type PacketSource } from './verifier.js';

const SEAL = Symbol('session');

/** How one end of a connection behaves. Both ends should be given the same windows. */
export interface SessionOptions extends NowOption {
  /** Seconds between this end's heartbeats; 5 if absent. */
  readonly heartbeatEvery?: number | undefined;
  /** Seconds without a verified heartbeat of the peer after which the session ends (1 to 3600); 15 if absent. */
  readonly heartbeatWindow?: number | undefined;
  /** Seconds that the handshake may take (1 to 3600); 10 if absent. */
  readonly handshakeWindow?: number | undefined;
  /** The token's claim that names the client, for a server; `engineId` if absent. */
  readonly identity?: string | undefined;
  /** How old a packet may be, in seconds (1 to 3600); 60 if absent. */
  readonly maxAge?: number | undefined;
  /** How far ahead of this clock a packet may be, in seconds (1 to 3600); 5 if absent. */
  readonly maxAhead?: number | undefined;
  /** The largest body, in bytes; 1 MiB if absent. */
  readonly bodyLimit?: number | undefined;
  /** Whether a refused packet ends the session: `close` if absent. `keep` is for connections that strangers can write to. */
  readonly onRefusal?: 'close' | 'keep' | undefined;
  /** How many nonces it remembers: at least the packets that come in `maxAge` + 60 seconds; 16,384 if absent. */
  readonly guardCapacity?: number | undefined;
}

/** What a client's end takes besides. */
export interface ClientSessionOptions extends SessionOptions {
  /** The server's name, which is the owner of its keys. */
  readonly server: string;
  /** The server's keys. */
  readonly keyring: Keyring;
  /** The handshake's nonce; random if absent. For vectors and tests. */
  readonly nonce?: string | undefined;
}

/** What `accept` takes. */
export interface AcceptOptions extends NowOption {
  /** Judges the client's token. */
  readonly tokens: TokenVerifier;
}

/** What `welcome` takes. */
export interface WelcomeOptions extends SessionSignOptions {
  /** The server's key for this client; its owner is the server's name. */
  readonly key: Key;
  /** The client's keys. */
  readonly keyring: Keyring;
}

/** What every call of a session that signs takes. */
export interface SessionSignOptions extends NowOption {
  /** 16 bytes in base64url (22 characters); random if absent. For vectors and tests. */
  readonly nonce?: string | undefined;
}

/** What a client sends first. */
export interface Handshake {
  readonly nonce: string;
  readonly token: string;
}

/** A handshake as it arrived: as text, as UTF-8 bytes, or already parsed. */
export type HandshakeSource = string | Uint8Array | ArrayBuffer | Handshake | Readonly<Record<string, unknown>>;

/** How far a session has come. */
export type SessionState = 'handshake' | 'open' | 'ended';

/**
 * One end of a connection on which both ends prove themselves, again and again. It is told what came and answers what to send, whether the
 * connection may live, and when to ask again; it sends, waits and closes nothing itself.
 *
 * The first refusal ends it, unless `onRefusal` is `keep`. Then every call throws CountersealError with the code that ended it. A call out of
 * turn is `malformed_argument`, and ends nothing.
 */
export class Session {
  readonly #raw: RawSession;
  readonly #limit: number;

  private constructor(seal: symbol, raw: RawSession, limit: number) {
    if (seal !== SEAL) {
      refuse('a Session is made by Session.server or Session.client');
    }
    this.#raw = raw;
    this.#limit = limit;
  }

  /** The server's end of a connection that has just been opened. `name` is the owner of the keys that it signs with. */
  static server(name: string, options?: SessionOptions): Session {
    const given = readOptions(options, 'session options');
    const now = nowOf(given);
    const [own, json] = [text(name, 'name'), toJson(given, 'session options')];
    return new Session(SEAL, call(() => engine().RawSession.server(own, json, now)), textLimit(given));
  }

  /** The client's end of a connection. It signs with `key`, whose owner is the client's name. */
  static client(key: Key, options: ClientSessionOptions): Session {
    const raw = rawKey(key);
    const given = readOptions(options, 'session options');
    const [server, ring] = [text(take(given, 'server'), 'server'), rawKeyring(take(given, 'keyring'))];
    const [now, nonce] = [nowOf(given), nonceOf(given)];
    const json = toJson(given, 'session options');
    return new Session(SEAL, call(() => engine().RawSession.client(raw, server, ring, json, now, nonce)), textLimit(given));
  }

  /** What the client sends first. */
  handshake(token: string): Handshake {
    const given = text(token, 'token');
    return JSON.parse(call(() => this.#raw.handshake(given))) as Handshake;
  }

  /** Judges a client's handshake: its form, its token, and the name that the token gives the client, which is then the `peer`. */
  accept(handshake: HandshakeSource, options: AcceptOptions): VerifiedToken {
    const given = callOptions(options, 'accept', ACCEPT);
    const tokens = rawTokenVerifier(take(given, 'tokens'), 'tokens');
    const now = nowOf(given);
    const { source, fault } = packetBytes(handshake, 'handshake', HANDSHAKE_LIMIT, 'handshake');
    return native(fault, () => tokenEvidence(call(() => tokens.accept(this.#raw, source, now))));
  }

  /** Answers an accepted handshake with the first signed packet, and opens the session. */
  welcome(options: WelcomeOptions): Packet {
    const given = callOptions(options, 'welcome', WELCOME);
    const [key, ring] = [rawKey(take(given, 'key')), rawKeyring(take(given, 'keyring'))];
    const [now, nonce] = [nowOf(given), nonceOf(given)];
    return parsed(() => this.#raw.welcome(key, ring, now, nonce));
  }

  /** Judges the server's welcome, and opens the session. */
  establish(packet: PacketSource, options?: NowOption): void {
    const now = nowOf(callOptions(options, 'establish', NOW));
    const { source, fault } = packetBytes(packet, 'packet', this.#limit);
    native(fault, () => call(() => this.#raw.establish(source, now)));
  }

  /** Signs a JSON value under an event's name, written as `PacketSigner.sign` writes it. */
  sign(event: string, payload: unknown, options?: SessionSignOptions): Packet {
    const [name, now, nonce] = signing(event, callOptions(options, 'sign', SIGN));
    const { text: json, fault } = walk(payload, 'payload', this.#limit);
    return native(fault, () => parsed(() => this.#raw.signJson(name, encode(json), now, nonce)));
  }

  /** Signs raw bytes under an event's name. */
  signBytes(event: string, data: Uint8Array | ArrayBuffer, options?: SessionSignOptions): Packet {
    const [name, now, nonce] = signing(event, callOptions(options, 'signBytes', SIGN));
    const body = bytes(data, 'data');
    return parsed(() => this.#raw.signBytes(name, body, now, nonce));
  }

  /** Signs this end's heartbeat, to be sent under the event `heartbeat`. */
  heartbeat(options?: SessionSignOptions): Packet {
    const given = callOptions(options, 'heartbeat', SIGN);
    const [now, nonce] = [nowOf(given), nonceOf(given)];
    return parsed(() => this.#raw.heartbeat(now, nonce));
  }

  /** Verifies a packet of the peer under the event that it was sent as, heartbeats included. */
  verify(event: string, packet: PacketSource, options?: NowOption): Verified {
    const now = nowOf(callOptions(options, 'verify', NOW));
    const { source, fault } = packetBytes(packet, 'packet', this.#limit);
    return native(fault, () => evidence(call(() => this.#raw.verify(peerText(event), source, now))));
  }

  /** Judges what time alone tells; throws if the session has ended. True: a heartbeat is due, send `heartbeat()`. */
  poll(options?: NowOption): boolean {
    const now = nowOf(callOptions(options, 'poll', NOW));
    return call(() => this.#raw.poll(now));
  }

  /** Ends the session from this side. */
  close(): void {
    call(() => this.#raw.close());
  }

  /** The second in which to `poll` next, in Unix seconds; undefined once it has ended. */
  get deadline(): number | undefined {
    return this.#standing.deadline;
  }

  /** The peer's name, once it is known and from then on: a client knows it from the start, a server once it accepted a handshake. */
  get peer(): string | undefined {
    return this.#standing.peer;
  }

  /** The session's id, which its packets are bound to, while it is open. */
  get id(): string | undefined {
    return this.#standing.id;
  }

  get state(): SessionState {
    return this.#standing.state as SessionState;
  }

  /** Why it ended; undefined while it lives, or where this side closed it. */
  get code(): ErrorCode | undefined {
    return this.#standing.code as ErrorCode | undefined;
  }

  toString(): string {
    const { state, peer, code } = this.#standing;
    return `Session(${[state, peer, code].filter(Boolean).join(', ')})`;
  }

  get #standing(): RawStanding {
    return call(() => this.#raw.standing());
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function signing(event: unknown, given: Options): [string, number | undefined, string | undefined] {
  return [text(event, 'event'), nowOf(given), nonceOf(given)];
}

function parsed(run: () => string): Packet {
  return JSON.parse(call(run)) as Packet;
}

// Runs a call over what was a native value; its refusal is told in terms of the value.
function native<T>(fault: string | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw explained(error, fault);
  }
}

const NOW = ['now'];
const SIGN = ['now', 'nonce'];
const ACCEPT = ['tokens', 'now'];
const WELCOME = ['key', 'keyring', 'now', 'nonce'];
// Above the length that the core refuses unread: six characters for each byte of the longest token, and what stands around it.
const HANDSHAKE_LIMIT = 2 ** 16;

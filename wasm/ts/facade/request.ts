import { callOptions, nonceOf, nowOf, peerPath, peerText } from './arguments.js';
import { bytes } from './bytes.js';
import { engine, type RawHeaders, type RawPendingRequest, type RawRequestSigner, type RawRequestVerifier, type RawVerifiedRequest } from './engine.js';
import { call, CountersealError, refuse } from './errors.js';
import { guarded, type MemoryReplayGuard } from './guard.js';
import { ownHeaders, peerHeaders, type HeaderList, type HeaderSource } from './headers.js';
import { rawKey, rawKeyring, type Key, type Keyring } from './key.js';
import { readOptions, take, toJson, type Options } from './options.js';
import { settled, SharedReplayGuard } from './shared.js';
import { text } from './text.js';
import type { NowOption } from './token.js';
import { trustPolicy, type Trust, type TrustPolicy } from './trust.js';

const SEAL = Symbol('request');
// Set by the classes below: what nothing else can make.
let verified: (evidence: RawVerifiedRequest) => VerifiedRequest;
let pending: (raw: RawPendingRequest, shared: SharedReplayGuard | undefined) => PendingRequest;

/** How a request signer signs. */
export interface RequestSignerOptions {
  /** Header fields that are always covered, by their names in lower case; the same at both ends. */
  readonly extraFields?: readonly string[] | undefined;
  /** The largest body, in bytes; 1 MiB if absent. */
  readonly bodyLimit?: number | undefined;
}

/** A request that is about to leave. */
export interface OutgoingRequest extends NowOption {
  /** As it is sent. */
  readonly method: string;
  /** The absolute URL, as it is sent: what `new URL` or a client would rewrite must be rewritten before. */
  readonly url: string;
  /** The header fields that it already has; none if absent. */
  readonly headers?: HeaderSource | undefined;
  /** The very bytes that leave; none if absent. */
  readonly body?: Uint8Array | ArrayBuffer | undefined;
  /** 16 bytes in base64url (22 characters); random if absent. For vectors and tests. */
  readonly nonce?: string | undefined;
}

/** What a request verifier accepts. */
export interface RequestVerifierOptions {
  /** Who this server is, as its callers reach it: `https://host`, `http://host:port`; https if none is named. */
  readonly authorities: readonly string[];
  /** A guard of one's own, to share or to size; a fresh one without a fence (start 0) if absent. One that replicas share needs `verifyAsync`. */
  readonly guard?: MemoryReplayGuard | SharedReplayGuard | undefined;
  /** Header fields that must be covered, by their names in lower case; the same at both ends. */
  readonly extraFields?: readonly string[] | undefined;
  /** How old a request may be, in seconds (1 to 3600); 60 if absent. */
  readonly maxAge?: number | undefined;
  /** How far ahead of this clock a request may be, in seconds (1 to 3600); 5 if absent. */
  readonly maxAhead?: number | undefined;
  /** The owners that may call; any if absent. */
  readonly allow?: readonly string[] | undefined;
  /** Who may call whom; together with `callee`. */
  readonly trust?: Trust | TrustPolicy | undefined;
  /** Which server of `trust` this is. */
  readonly callee?: string | undefined;
  /** The largest body, in bytes; 1 MiB if absent. */
  readonly bodyLimit?: number | undefined;
}

/** A request as it arrived, without its body. */
export interface RequestHead extends NowOption {
  readonly method: string;
  /** What the request line, or `:path`, says: raw, with path and query. */
  readonly target: string;
  /** In order and as they came, `:authority` among them where there is one. An object of fields has lost what was repeated, and is refused. */
  readonly headers: HeaderList;
}

/** A request as it arrived. */
export interface IncomingRequest extends RequestHead {
  /** The very bytes that came, empty as they may be: a body that nobody read must not pass for none. */
  readonly body: Uint8Array | ArrayBuffer;
}

/** Signs HTTP requests with one key, by one profile of RFC 9421 with RFC 9530. */
export class RequestSigner {
  readonly #raw: RawRequestSigner;

  /** @throws CountersealError `malformed_argument`, also for a key that is not for requests. */
  constructor(key: Key, options?: RequestSignerOptions) {
    const raw = rawKey(key);
    const json = toJson(readOptions(options, 'signer options'), 'signer options');
    this.#raw = call(() => new (engine().RawRequestSigner)(raw, json));
  }

  /**
   * The header fields to add, as names and values in order. Sign each attempt anew: a retry or a redirect is another request.
   * @throws CountersealError `malformed_argument`, `payload_too_large`, `revoked_key` or `inactive_key`
   */
  sign(request: OutgoingRequest): [name: string, value: string][] {
    const given = callOptions(request, 'sign', SIGN);
    const [method, url] = [text(take(given, 'method'), 'method'), text(take(given, 'url'), 'url')];
    const [headers, body] = [ownHeaders(take(given, 'headers')), bodyOf(given)];
    const [now, nonce] = [nowOf(given), nonceOf(given)];
    return pairs(call(() => this.#raw.sign(method, url, headers, body, now, nonce)));
  }
}

/** Evidence that a request is genuine, of its time, allowed, and seen for the first time. Only a verifier makes one. */
export class VerifiedRequest {
  readonly keyId: string;
  /** Who holds the key that signed: the caller's identity. */
  readonly owner: string;
  /** When it was signed, in Unix seconds. */
  readonly timestamp: number;
  readonly nonce: string;

  private constructor(seal: symbol, { keyId, owner, timestamp, nonce }: RawVerifiedRequest) {
    if (seal !== SEAL) {
      refuse('only a RequestVerifier makes a VerifiedRequest');
    }
    this.keyId = keyId;
    this.owner = owner;
    this.timestamp = timestamp;
    this.nonce = nonce;
  }

  static {
    verified = (evidence) => new VerifiedRequest(SEAL, evidence);
  }
}

/**
 * A request whose signature was good, and whose body is still to come: nothing of it may be believed before `finish`. It is used once: after that, or
 * a refusal, each call is `malformed_argument`.
 */
export class PendingRequest {
  readonly #raw: RawPendingRequest;
  readonly #shared: SharedReplayGuard | undefined;

  private constructor(seal: symbol, raw: RawPendingRequest, shared: SharedReplayGuard | undefined) {
    if (seal !== SEAL) {
      refuse('a PendingRequest is made by RequestVerifier.begin');
    }
    this.#raw = raw;
    this.#shared = shared;
  }

  /** Takes the next piece of the body. @throws CountersealError `payload_too_large` */
  update(piece: Uint8Array | ArrayBuffer): void {
    const body = bytes(piece, 'piece');
    call(() => this.#raw.update(body));
  }

  /** Judges the rest, once the whole body has come. @throws CountersealError with the code of the first check that failed. */
  finish(options?: NowOption): VerifiedRequest {
    const now = nowOf(callOptions(options, 'finish', NOW));
    return verified(call(() => this.#raw.finish(now)));
  }

  /** As `finish`, with any guard: one that replicas share is asked when all else is in order. */
  async finishAsync(options?: NowOption): Promise<VerifiedRequest> {
    const guard = this.#shared;
    if (guard === undefined) {
      return this.finish(options);
    }
    const now = nowOf(callOptions(options, 'finishAsync', NOW));
    return verified(await settled(guard, call(() => this.#raw.authenticate(now))));
  }

  static {
    pending = (raw, shared) => new PendingRequest(SEAL, raw, shared);
  }
}

/**
 * Verifies HTTP requests against a keyring, for the authorities of one server. A request is accepted once; every call either hands over evidence
 * or throws CountersealError with the code of the first check that failed.
 *
 * Without a `guard` of its own it remembers from its making only: after a restart, a request younger than `maxAge` that was accepted before would
 * be accepted again. Give it a MemoryReplayGuard with `start` to refuse those.
 */
export class RequestVerifier {
  readonly #raw: RawRequestVerifier;
  readonly #shared: SharedReplayGuard | undefined;

  /** @throws CountersealError `malformed_argument` */
  constructor(keyring: Keyring, options: RequestVerifierOptions) {
    const ring = rawKeyring(keyring);
    const given = readOptions(options, 'verifier options');
    const guard = take(given, 'guard');
    if (given.has('trust')) {
      given.set('trust', trustPolicy(given.get('trust')));
    }
    const json = toJson(given, 'verifier options');
    this.#raw = guarded(engine().RawRequestVerifier, ring, guard, json);
    this.#shared = guard instanceof SharedReplayGuard ? guard : undefined;
  }

  /** Verifies a request whose body is all there. */
  verify(request: IncomingRequest): VerifiedRequest {
    return verified(read(request, 'verify', (head, body, now) => this.#raw.verify(...head, body, now)));
  }

  /** As `verify`, with any guard: one that replicas share is asked when all else is in order. */
  async verifyAsync(request: IncomingRequest): Promise<VerifiedRequest> {
    const guard = this.#shared;
    if (guard === undefined) {
      return this.verify(request);
    }
    return verified(await settled(guard, read(request, 'verifyAsync', (head, body, now) => this.#raw.authenticate(...head, body, now))));
  }

  /** Judges the head of a request whose body is still to come: its form, authority, key and signature. */
  begin(head: RequestHead): PendingRequest {
    const given = callOptions(head, 'begin', BEGIN);
    const now = nowOf(given);
    return judged(given, (head) => pending(this.#raw.begin(...head, now), this.#shared));
  }

  /** Whether `trust` lets anyone call this path, signed or not. What is not signed has no caller. */
  isExempt(path: string): boolean {
    const where = peerPath(path);
    return call(() => this.#raw.isExempt(where));
  }
}

type Head = [method: string, target: string, headers: RawHeaders];

function read<T>(request: unknown, what: string, run: (head: Head, body: Uint8Array, now: number | undefined) => T): T {
  const given = callOptions(request, what, VERIFY);
  const [body, now] = [bytes(take(given, 'body'), 'body'), nowOf(given)];
  return judged(given, (head) => run(head, body, now));
}

// What a peer sent is the core's to refuse, whatever its type: the empty method, which is in no grammar, stands for a head that cannot be told.
function judged<T>(given: Options, run: (head: Head) => T): T {
  const [method, target] = [peerText(take(given, 'method')), peerText(take(given, 'target'))];
  const { fields, fault } = peerHeaders(take(given, 'headers'));
  try {
    return call(() => run([fault === undefined ? method : '', target, fields]));
  } catch (error) {
    throw fault !== undefined && error instanceof CountersealError && error.code === 'malformed_request' ? new CountersealError(error.code, fault) : error;
  }
}

function bodyOf(given: Options): Uint8Array {
  const body = take(given, 'body');
  return body === undefined ? new Uint8Array() : bytes(body, 'body');
}

function pairs(fields: RawHeaders): [string, string][] {
  return Array.from({ length: fields.length / 2 }, (_, index) => [fields[2 * index] as string, fields[2 * index + 1] as string]);
}

const NOW = ['now'];
const SIGN = ['method', 'url', 'headers', 'body', 'now', 'nonce'];
const BEGIN = ['method', 'target', 'headers', 'now'];
const VERIFY = [...BEGIN, 'body'];

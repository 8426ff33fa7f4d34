/** A secret inside an engine. */
export interface RawSecret {
  expose(): string;
}

/** A key inside an engine. */
export interface RawKey {
  readonly id: string;
  readonly owner: string;
}

/** A keyring inside an engine. */
export interface RawKeyring<K extends RawKey = RawKey> {
  add(key: K): void;
  remove(id: string): boolean;
  revoke(id: string): boolean;
  ids(): string[];
}

/** A replay guard inside an engine. */
export interface RawGuard {
  size(): number;
}

/** A guard that replicas share, inside an engine: how it is used, without a connection. */
export type RawSharedGuard = object;

/** What an engine keeps of a message whose nonce is to be claimed. */
export interface RawClaiming<V> {
  /** The script's KEYS. */
  keys(): string[];
  /** The script's ARGV. */
  arguments(): string[];
  /** Goes on with the script's reply, or with why there is none. Once: then the engine has let go of it. */
  settle(reply: number, why?: string): V;
}

/** The parts that a signature adds. */
export interface RawSignature {
  readonly timestamp: number;
  readonly nonce: string;
  readonly sig: string;
}

/** Evidence as an engine hands it over: `payloadText` or `data`, never both. */
export interface RawVerified {
  readonly keyId: string;
  readonly owner: string;
  readonly timestamp: number;
  readonly nonce: string;
  readonly payloadText?: string | undefined;
  readonly data?: ArrayBuffer | undefined;
}

/** One refused packet of a batch: `code LF detail`. */
export interface RawRefusal {
  readonly error: string;
}

/** A packet signer inside an engine. */
export interface RawPacketSigner {
  signJson(payload: Uint8Array, context: string, now?: number, nonce?: string): string;
  signBytes(data: Uint8Array, context: string, now?: number, nonce?: string): string;
  signParts(kind: string, body: Uint8Array, context: string, now?: number, nonce?: string): RawSignature;
}

/** Who signed what an engine's quick call verified last; of a packet's text, when and with which nonce. */
export interface RawSigner {
  readonly keyId: string;
  readonly owner: string;
  readonly timestamp: number;
  readonly nonce: string;
}

/**
 * A packet verifier inside an engine.
 *
 * An engine may have quick calls. One either verifies, hands over the body (JSON text or bytes of its own) and leaves the rest in `signer`; or it
 * answers undefined and has claimed nothing: then the call of the same name without `quick` decides, and says what is wrong. It is given
 * strings as they came, bytes as a true Uint8Array as it came, and `now` below 0 for the engine's own clock; it runs no code of the caller's.
 */
export interface RawPacketVerifier {
  quickParts?(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now: number,
  ): string | Uint8Array | undefined;
  quickPacket?(packet: string | Uint8Array, context: string, now: number): string | Uint8Array | undefined;
  readonly signer?: RawSigner;
  verify(packet: Uint8Array, context: string, now?: number): RawVerified;
  verifyParts(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now?: number,
  ): RawVerified;
  verifyBatch(packets: Uint8Array[], context: string, now?: number): (RawVerified | RawRefusal)[];
  /** All of `verify` but for the nonce, where the guard is shared. */
  authenticate(packet: Uint8Array, context: string, now?: number): RawClaiming<RawVerified>;
  authenticateParts(
    keyId: string,
    kind: string,
    body: Uint8Array,
    ts: number,
    nonce: string,
    sig: string,
    context: string,
    now?: number,
  ): RawClaiming<RawVerified>;
}

/** A token issuer inside an engine. */
export interface RawTokenIssuer {
  issue(claims: Uint8Array, options: string, now?: number): string;
  issueText(claims: Uint8Array, now?: number): string;
}

/** What an engine keeps of a verified ticket, to make its keys of. */
export type RawVerifiedTicket = object;

/** A verified token as an engine hands it over; with `ticket` where its verifier takes tickets. */
export interface RawVerifiedToken {
  readonly claimsText: string;
  readonly keyId: string;
  readonly owner: string;
  readonly ticket?: RawVerifiedTicket | undefined;
}

/** Claims as text, in RFC 8785 form, and as what `JSON.parse` would make of it. */
export interface RawClaims {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A token verifier inside an engine. Its quick call hands over the claims of what is no ticket, and else is as those of a packet verifier. */
export interface RawTokenVerifier {
  quickToken?(token: string, now: number): RawClaims | undefined;
  readonly signer?: RawSigner;
  verify(token: Uint8Array, now?: number): RawVerifiedToken;
  /** A session's `accept`, by the policy of this verifier. */
  accept(session: RawSession, handshake: Uint8Array, now?: number): RawVerifiedToken;
}

/** How a session stands: what may be read of it at any time. */
export interface RawStanding {
  readonly state: string;
  readonly code?: string | undefined;
  readonly peer?: string | undefined;
  readonly id?: string | undefined;
  readonly deadline?: number | undefined;
}

/** One end of a connection inside an engine. */
export interface RawSession {
  handshake(token: string): string;
  welcome(key: RawKey, ring: RawKeyring, now?: number, nonce?: string): string;
  establish(packet: Uint8Array, now?: number): void;
  signJson(event: string, payload: Uint8Array, now?: number, nonce?: string): string;
  signBytes(event: string, data: Uint8Array, now?: number, nonce?: string): string;
  heartbeat(now?: number, nonce?: string): string;
  verify(event: string, packet: Uint8Array, now?: number): RawVerified;
  poll(now?: number): boolean;
  close(): void;
  standing(): RawStanding;
}

/** A ticket issuer inside an engine. */
export interface RawTicketIssuer {
  issue(owner: string, options: string, now?: number): RawTicket;
}

/** A ticket as an engine hands it over. */
export interface RawTicket {
  readonly token: string;
  readonly keyId: string;
  readonly secret: RawSecret;
  readonly expires: number;
}

/** Header fields as an engine takes and gives them: name, value, name, value. */
export type RawHeaders = readonly string[];

/** A request signer inside an engine. */
export interface RawRequestSigner {
  /** The header fields to add. */
  sign(method: string, url: string, headers: RawHeaders, body: Uint8Array, now?: number, nonce?: string): RawHeaders;
}

/** Evidence of a request as an engine hands it over. */
export interface RawVerifiedRequest {
  readonly keyId: string;
  readonly owner: string;
  readonly timestamp: number;
  readonly nonce: string;
}

/** A request verifier inside an engine. */
export interface RawRequestVerifier {
  isExempt(path: string): boolean;
  verify(method: string, target: string, headers: RawHeaders, body: Uint8Array, now?: number): RawVerifiedRequest;
  begin(method: string, target: string, headers: RawHeaders, now?: number): RawPendingRequest;
  /** All of `verify` but for the nonce, where the guard is shared. */
  authenticate(method: string, target: string, headers: RawHeaders, body: Uint8Array, now?: number): RawClaiming<RawVerifiedRequest>;
}

/** A request inside an engine whose body is still to come. */
export interface RawPendingRequest {
  update(piece: Uint8Array): void;
  finish(now?: number): RawVerifiedRequest;
  /** All of `finish` but for the nonce, where the guard is shared. */
  authenticate(now?: number): RawClaiming<RawVerifiedRequest>;
}

/** What makes the verifiers of one kind. */
export interface RawVerifierClass<V, R = RawKeyring, G = RawGuard> {
  new (ring: R, options: string): V;
  withGuard(ring: R, guard: G, options: string): V;
  shared(ring: R, guard: RawSharedGuard, options: string): V;
}

/** A policy of who may call whom inside an engine. */
export interface RawTrust {
  check(callee: string, caller: string, method: string, path: string): void;
  isExempt(callee: string, path: string): boolean;
  explain(callee: string): string[];
}

/**
 * What an engine, native or wasm, offers. The façade has judged the type of every argument before it calls: an engine
 * by itself coerces what it is given. Options are JSON text. Errors are thrown with the message `code LF detail`.
 */
export interface RawEngine<
  S extends RawSecret = RawSecret,
  K extends RawKey = RawKey,
  R extends RawKeyring<K> = RawKeyring<K>,
  G extends RawGuard = RawGuard,
> {
  readonly RawSecret: {
    fromText(text: string): S;
    fromBytes(bytes: Uint8Array): S;
    generate(): S;
  };
  readonly RawKey: new (id: string, secret: S, options: string) => K;
  readonly RawKeyring: new () => R;
  readonly RawGuard: new (options: string) => G;
  readonly RawPacketSigner: new (key: K, options: string) => RawPacketSigner;
  readonly RawSharedGuard: new (options: string) => RawSharedGuard;
  readonly RawPacketVerifier: RawVerifierClass<RawPacketVerifier, R, G>;
  readonly RawTokenIssuer: new (key: K, options: string) => RawTokenIssuer;
  readonly RawTokenVerifier: new (ring: R, policy: string) => RawTokenVerifier;
  readonly RawSession: {
    server(name: string, options: string, now?: number): RawSession;
    client(key: K, server: string, ring: R, options: string, now?: number, nonce?: string): RawSession;
  };
  readonly RawTicketIssuer: new (master: S, key: K, audience: string) => RawTicketIssuer;
  readonly RawRequestSigner: new (key: K, options: string) => RawRequestSigner;
  readonly RawRequestVerifier: RawVerifierClass<RawRequestVerifier, R, G>;
  readonly RawTrust: new (policy: Uint8Array) => RawTrust;
  /** The server's key, then its client's. */
  ticketKeys(master: S, ticket: RawVerifiedTicket, server: string): K[];
  derive(master: S, purpose: string, owner: string, keyId: string): S;
  canonicalJson(text: Uint8Array): string;
  /** The script of a shared guard. */
  guardScript(): string;
  /** What to warn of, given the store's answer to `INFO memory`; nothing or an empty text if there is nothing. */
  guardWarning(info: string): string | null;
  /** JSON text. */
  refusal(code: string, now?: number): string;
  generateNonce(): string;
  /** The closed list of codes: rows of four lines each (code, class, status, sentence). */
  errorList(): string[];
  /** JSON text. */
  about(): string;
}

let current: RawEngine | undefined;
let addon: string | undefined;

/** Chooses the engine for this copy of the façade, once; `path` names the native addon. */
export function setEngine<S extends RawSecret, K extends RawKey, R extends RawKeyring<K>, G extends RawGuard>(
  engine: RawEngine<S, K, R, G>,
  path?: string,
): void {
  // The façade hands back to an engine only what that engine made.
  current = engine as unknown as RawEngine;
  addon = path;
}

/** The engine of this copy of the façade. */
export function engine(): RawEngine {
  if (current === undefined) {
    throw new Error('the engine is not loaded: await init() first');
  }
  return current;
}

/** The native addon's file, relative to the package; undefined under wasm. */
export function addonPath(): string | undefined {
  return addon;
}

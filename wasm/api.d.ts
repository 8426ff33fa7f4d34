// The public API of @counterseal/wasm and counterseal. Generated: npm run build && npm run api

/** What every signing and verifying call takes. */
export interface CallOptions {
    /** What the packet is for: printable ASCII, up to 256 bytes. Signed and never sent; may be empty. */
    readonly context: string;
    /** The time, in whole Unix seconds; the system clock if absent. */
    readonly now?: number | undefined;
}

/** What every signing call takes. */
export interface SignOptions extends CallOptions {
    /** 16 bytes in base64url (22 characters); random if absent. For vectors and tests. */
    readonly nonce?: string | undefined;
}

/** The class of a refusal: all that a peer may learn, with the status. */
export type ErrorClass = 'invalid' | 'unauthorized' | 'forbidden' | 'too_large' | 'too_many_requests' | 'unavailable';

/** Every code there is, the same in all languages; `errorList()` has a sentence for each. */
export type ErrorCode = 'malformed_argument' | 'malformed_key' | 'weak_secret' | 'malformed_packet' | 'malformed_payload' | 'malformed_request' | 'malformed_token' | 'unsupported_version' | 'wrong_authority' | 'unknown_key' | 'revoked_key' | 'inactive_key' | 'unsupported_algorithm' | 'unsupported_critical' | 'bad_signature' | 'body_mismatch' | 'expired' | 'not_yet_valid' | 'token_expired' | 'token_not_yet_valid' | 'claim_missing' | 'claim_invalid' | 'claim_mismatch' | 'token_revoked' | 'replayed' | 'heartbeat_missed' | 'caller_not_allowed' | 'payload_too_large' | 'token_too_large' | 'rate_limited' | 'replay_guard_full' | 'replay_guard_starting' | 'store_unavailable';

/** One row of the closed list of codes. */
export interface ErrorInfo {
    readonly code: ErrorCode;
    readonly class: ErrorClass;
    /** The HTTP status that goes with the class. */
    readonly status: number;
    readonly sentence: string;
}

/** The one error this package throws. Its message is `code: detail`; no part of it holds secret material. */
export declare class CountersealError extends Error {
    readonly code: ErrorCode;
    readonly class: ErrorClass;
    /** The HTTP status that goes with the class. */
    readonly status: number;
    /** What exactly was wrong: for the local log, not for a peer. */
    readonly detail: string;
    constructor(code: ErrorCode, detail: string);
}

/** The closed list of codes, each with its class, status and one sentence. */
export declare function errorList(): ErrorInfo[];

/** What a derived secret is bound to; each a name of 1 to 64 characters of `A-Za-z0-9._~-`. */
export interface DeriveOptions {
    readonly purpose: string;
    readonly owner: string;
    readonly keyId: string;
}

/** What a peer may learn of an error. */
export interface Refusal {
    readonly class: ErrorClass;
    /** The HTTP status that goes with the class. */
    readonly status: number;
    /** This side's clock, in Unix seconds: for `expired` and `not_yet_valid` alone, whose packets were genuine. */
    readonly now?: number;
}

/** What runs underneath. */
export interface About {
    readonly engine: 'native' | 'wasm';
    readonly version: string;
    /** The native addon's file, relative to the package; absent under wasm. */
    readonly addon?: string;
}

/**
 * Derives an owner's secret from a master (HKDF-SHA256, RFC 5869): the same in every language, so that no table of
 * secrets need be kept.
 */
export declare function derive(master: SecretSource, options: DeriveOptions): Secret;

/** The RFC 8785 form of JSON text. @throws CountersealError `malformed_payload` */
export declare function canonicalJson(json: string | Uint8Array | ArrayBuffer): string;

/**
 * What the peer may learn of an error: its class and status, never its code. A packet refused for its age lets the peer know this clock.
 * @throws CountersealError `malformed_argument` for what is no CountersealError.
 */
export declare function refusal(error: CountersealError, options?: NowOption): Refusal;

/** A nonce: 16 bytes from the operating system's generator, in base64url. */
export declare function generateNonce(): string;

/** Which engine runs, and its version. */
export declare function about(): About;

/** How large a guard is, and from when on it can tell. */
export interface MemoryReplayGuardOptions {
    /** How many live nonces it holds; full, it refuses and never forgets a live one. */
    readonly capacity?: number | undefined;
    /** When it began, in Unix seconds: older packets may have been seen before and are refused. 0 (no fence) if absent. */
    readonly start?: number | undefined;
    /** One name shared by all replicas; empty if absent. */
    readonly scope?: string | undefined;
    /** How many of the nonces may be one owner's; half of the capacity, rounded up, if absent. */
    readonly ownerShare?: number | undefined;
}

/** Remembers the nonces of verified packets for as long as they could be sent again. Verifiers may share one. */
export declare class MemoryReplayGuard {
    #private;
    /** @throws CountersealError `malformed_argument` */
    constructor(options?: MemoryReplayGuardOptions);
    /** How many nonces it holds. */
    get size(): number;
}

/** One header field: its name and its value. A string stands for its UTF-8 bytes. */
export type HeaderField = readonly [name: string, value: string | Uint8Array | ArrayBuffer];

/** Header fields in order, repeated ones as they came: as pairs, or name, value, name, value as in Node's `rawHeaders`. */
export type HeaderList = readonly HeaderField[] | readonly string[];

/** The header fields of a request that is about to leave: a list, a `Headers` or `Map`, or a plain object. */
export type HeaderSource = HeaderList | Iterable<HeaderField> | Readonly<Record<string, HeaderField[1]>>;

/** What a key may be used for. `packet` and `request` go together; each other use stands alone. */
export type Use = 'packet' | 'request' | 'token' | 'derive' | 'join' | `profile:${string}`;

/** An algorithm of a token. */
export type Algorithm = 'HS256' | 'HS384' | 'HS512';

/** What a key is, besides its id. */
export interface KeyOptions {
    readonly secret: SecretSource;
    /** Who holds the key; its id if absent. */
    readonly owner?: string | undefined;
    /** Active from this time on, in Unix seconds. */
    readonly notBefore?: number | undefined;
    /** Active until just before this time, in Unix seconds. */
    readonly notAfter?: number | undefined;
    readonly revoked?: boolean | undefined;
    /** The algorithms of tokens under this key; `["HS256"]` if absent. */
    readonly algorithms?: readonly Algorithm[] | undefined;
    /** `["packet", "request"]` if absent. */
    readonly uses?: readonly Use[] | undefined;
}

/** A secret with an id, an owner, a window of validity and its uses. Who can verify can sign: one secret a pair. */
export declare class Key {
    #private;
    /** The name under which the other side looks the key up. */
    readonly id: string;
    /** Who holds the key. */
    readonly owner: string;
    /**
     * @throws CountersealError `weak_secret` for a short secret, `malformed_key` for anything else wrong with the key,
     *   `malformed_argument` for an unknown option.
     */
    constructor(id: string, options: KeyOptions);
    toString(): string;
    toJSON(): {
        id: string;
        owner: string;
    };
}

/** The keys that a verifier knows. A change counts at once for everything that was built on it. */
export declare class Keyring {
    #private;
    /** @throws CountersealError `malformed_key` for a repeated id, or for one secret under exclusive uses. */
    constructor(keys?: readonly Key[]);
    /** @throws CountersealError `malformed_key` as the constructor does. */
    add(key: Key): this;
    /** Forgets a key; says whether it was there. */
    remove(id: string): boolean;
    /** Revokes a key; says whether it was there. */
    revoke(id: string): boolean;
    /** The ids of all keys. */
    ids(): string[];
}

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
export declare class RequestSigner {
    #private;
    /** @throws CountersealError `malformed_argument`, also for a key that is not for requests. */
    constructor(key: Key, options?: RequestSignerOptions);
    /**
     * The header fields to add, as names and values in order. Sign each attempt anew: a retry or a redirect is another request.
     * @throws CountersealError `malformed_argument`, `payload_too_large`, `revoked_key` or `inactive_key`
     */
    sign(request: OutgoingRequest): [name: string, value: string][];
}

/** Evidence that a request is genuine, of its time, allowed, and seen for the first time. Only a verifier makes one. */
export declare class VerifiedRequest {
    readonly keyId: string;
    /** Who holds the key that signed: the caller's identity. */
    readonly owner: string;
    /** When it was signed, in Unix seconds. */
    readonly timestamp: number;
    readonly nonce: string;
    private constructor();
}

/**
 * A request whose signature was good, and whose body is still to come: nothing of it may be believed before `finish`. It is used once: after that, or
 * a refusal, each call is `malformed_argument`.
 */
export declare class PendingRequest {
    #private;
    private constructor();
    /** Takes the next piece of the body. @throws CountersealError `payload_too_large` */
    update(piece: Uint8Array | ArrayBuffer): void;
    /** Judges the rest, once the whole body has come. @throws CountersealError with the code of the first check that failed. */
    finish(options?: NowOption): VerifiedRequest;
    /** As `finish`, with any guard: one that replicas share is asked when all else is in order. */
    finishAsync(options?: NowOption): Promise<VerifiedRequest>;
}

/**
 * Verifies HTTP requests against a keyring, for the authorities of one server. A request is accepted once; every call either hands over evidence
 * or throws CountersealError with the code of the first check that failed.
 *
 * Without a `guard` of its own it remembers from its making only: after a restart, a request younger than `maxAge` that was accepted before would
 * be accepted again. Give it a MemoryReplayGuard with `start` to refuse those.
 */
export declare class RequestVerifier {
    #private;
    /** @throws CountersealError `malformed_argument` */
    constructor(keyring: Keyring, options: RequestVerifierOptions);
    /** Verifies a request whose body is all there. */
    verify(request: IncomingRequest): VerifiedRequest;
    /** As `verify`, with any guard: one that replicas share is asked when all else is in order. */
    verifyAsync(request: IncomingRequest): Promise<VerifiedRequest>;
    /** Judges the head of a request whose body is still to come: its form, authority, key and signature. */
    begin(head: RequestHead): PendingRequest;
    /** Whether `trust` lets anyone call this path, signed or not. What is not signed has no caller. */
    isExempt(path: string): boolean;
}

/** What a secret is made of: text with its encoding named, or 32 to 1024 bytes. */
export type SecretSource = Secret | string | Uint8Array | ArrayBuffer;

/**
 * A shared secret. It shows itself nowhere: not in `console.log`, not in JSON, not in an error. `expose()` is the one
 * way to read it back.
 */
export declare class Secret {
    #private;
    /**
     * @param source text with its encoding named (`hex:`, `base64:`, `base64url:`, `utf8:`), or the bytes themselves;
     *   32 to 1024 bytes.
     * @throws CountersealError `weak_secret` if it is too short, `malformed_key` for anything else wrong with it.
     */
    constructor(source: string | Uint8Array | ArrayBuffer);
    /** 32 bytes from the operating system's generator. */
    static generate(): Secret;
    /** The secret as `hex:` text. */
    expose(): string;
    toString(): string;
    toJSON(): string;
}

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
export declare class Session {
    #private;
    private constructor();
    /** The server's end of a connection that has just been opened. `name` is the owner of the keys that it signs with. */
    static server(name: string, options?: SessionOptions): Session;
    /** The client's end of a connection. It signs with `key`, whose owner is the client's name. */
    static client(key: Key, options: ClientSessionOptions): Session;
    /** What the client sends first. */
    handshake(token: string): Handshake;
    /** Judges a client's handshake: its form, its token, and the name that the token gives the client, which is then the `peer`. */
    accept(handshake: HandshakeSource, options: AcceptOptions): VerifiedToken;
    /** Answers an accepted handshake with the first signed packet, and opens the session. */
    welcome(options: WelcomeOptions): Packet;
    /** Judges the server's welcome, and opens the session. */
    establish(packet: PacketSource, options?: NowOption): void;
    /** Signs a JSON value under an event's name, written as `PacketSigner.sign` writes it. */
    sign(event: string, payload: unknown, options?: SessionSignOptions): Packet;
    /** Signs raw bytes under an event's name. */
    signBytes(event: string, data: Uint8Array | ArrayBuffer, options?: SessionSignOptions): Packet;
    /** Signs this end's heartbeat, to be sent under the event `heartbeat`. */
    heartbeat(options?: SessionSignOptions): Packet;
    /** Verifies a packet of the peer under the event that it was sent as, heartbeats included. */
    verify(event: string, packet: PacketSource, options?: NowOption): Verified;
    /** Judges what time alone tells; throws if the session has ended. True: a heartbeat is due, send `heartbeat()`. */
    poll(options?: NowOption): boolean;
    /** Ends the session from this side. */
    close(): void;
    /** The second in which to `poll` next, in Unix seconds; undefined once it has ended. */
    get deadline(): number | undefined;
    /** The peer's name, once it is known and from then on: a client knows it from the start, a server once it accepted a handshake. */
    get peer(): string | undefined;
    /** The session's id, which its packets are bound to, while it is open. */
    get id(): string | undefined;
    get state(): SessionState;
    /** Why it ended; undefined while it lives, or where this side closed it. */
    get code(): ErrorCode | undefined;
    toString(): string;
}

/** A store that replicas share: a Redis behind any client that can run a script. */
export interface SharedStore {
    /** Runs `SharedReplayGuard.script` with these KEYS and ARGV, and hands over its reply, an integer. Whatever goes wrong is thrown. */
    claim(keys: string[], args: string[]): Promise<number>;
}

/** How a shared guard is used. */
export interface SharedReplayGuardOptions {
    /** One name shared by all replicas; empty if absent. */
    readonly scope?: string | undefined;
    /** Whether the store is a Redis Cluster: the keys of a claim then share a slot. The same for all replicas. */
    readonly cluster?: boolean | undefined;
    /** How long the store may take, in milliseconds (1 to 60,000); 250 if absent. */
    readonly timeout?: number | undefined;
}

/**
 * Remembers nonces in a store that replicas share, in whatever language each is written. A verifier with it is asked by `verifyAsync`: where the
 * store does not answer in time, or fails, that is `store_unavailable`, and nothing is accepted.
 */
export declare class SharedReplayGuard {
    #private;
    /** @throws CountersealError `malformed_argument` */
    constructor(store: SharedStore, options?: SharedReplayGuardOptions);
    /** The Lua script that claims a nonce as one step, by Redis's own clock. */
    static get script(): string;
    /** What to warn of, given the store's answer to `INFO memory`: one that evicts forgets nonces that are live. */
    static warning(info: string): string | undefined;
}

/** A signed packet, ready for any JSON transport: a JSON `payload`, or bytes as base64url in `data`. */
export interface Packet {
    readonly v: 1;
    readonly kid: string;
    readonly ts: number;
    readonly nonce: string;
    readonly payload?: unknown;
    readonly data?: string;
    readonly sig: string;
}

/** What a signature adds to parts that travel by themselves. */
export interface Signature {
    /** The time of signing, in Unix seconds. */
    readonly ts: number;
    readonly nonce: string;
    readonly sig: string;
}

/** The largest body a signer signs. */
export interface PacketSignerOptions {
    /** In bytes; 1 MiB if absent. */
    readonly bodyLimit?: number | undefined;
}

/** What `signParts` takes. */
export interface SignPartsOptions extends SignOptions {
    readonly kind: 'json' | 'bytes';
    /** The bytes signed; for `json` a value already in RFC 8785 form. */
    readonly body: Uint8Array | ArrayBuffer;
}

/**
 * Signs packets with one key. Every call throws CountersealError: `malformed_argument` for a wrong context, time or
 * nonce, `malformed_payload`, `payload_too_large`, `revoked_key` or `inactive_key`.
 */
export declare class PacketSigner {
    #private;
    constructor(key: Key, options?: PacketSignerOptions);
    /** Signs a JSON value, written as `JSON.stringify` would but without running a getter or a `toJSON` of it. */
    sign(payload: unknown, options: SignOptions): Packet;
    /** Signs a JSON value; the packet comes as text. */
    signText(payload: unknown, options: SignOptions): string;
    /** Signs JSON text, in whatever form it stands; the packet comes as text. */
    signJson(payloadJson: string | Uint8Array | ArrayBuffer, options: SignOptions): string;
    /** Signs raw bytes. */
    signBytes(data: Uint8Array | ArrayBuffer, options: SignOptions): Packet;
    /** Signs parts that travel by themselves, and makes no packet of them. */
    signParts(options: SignPartsOptions): Signature;
}

/** What a ticket issuer's `issue` takes. */
export interface TicketOptions {
    /** For how many seconds the ticket and its key hold. */
    readonly expiresIn: number;
    /** The time, in whole Unix seconds; the system clock if absent. */
    readonly now?: number | undefined;
}

/** A ticket and the key that goes with it: for its owner alone. */
export interface Ticket {
    /** The token that the owner presents. */
    readonly token: string;
    /** The id of the owner's key. */
    readonly keyId: string;
    /** The key's secret. */
    readonly secret: Secret;
    /** The first second in which the key is no longer active, in Unix seconds. */
    readonly expires: number;
}

/** The keys of the connection on which a ticket was presented. */
export interface TicketKeys {
    /** The server's own, to sign with. */
    readonly serverKey: Key;
    /** The ticket's owner's, to verify with. */
    readonly clientKey: Key;
}

/** Issues tickets for one audience: each a token, and a key of its own that ends with it. The server keeps a master and no table. */
export declare class TicketIssuer {
    #private;
    /**
     * @param master what the keys' secrets are derived from.
     * @param key signs the tickets (HS256); its use must be `token`.
     * @param audience who takes the tickets.
     * @throws CountersealError `malformed_argument`, and as a Secret's constructor for the master.
     */
    constructor(master: SecretSource, key: Key, audience: string);
    /** Issues a ticket. @throws CountersealError `malformed_argument`, `token_too_large`, `revoked_key` or `inactive_key` */
    issue(owner: string, options: TicketOptions): Ticket;
}

/**
 * The keys that a ticket comes with, for the connection on which it was presented and no other. Both end with the ticket.
 * @param token verified under a policy whose `typ` is `counterseal-ticket+jwt`.
 * @param server the server's name, under which it signs.
 * @throws CountersealError `malformed_argument`; `claim_missing` or `claim_invalid` for what a ticket must say.
 */
export declare function ticketKeys(master: SecretSource, token: VerifiedToken, server: string): TicketKeys;

/** How an issuer signs. */
export interface TokenIssuerOptions {
    /** One of the key's algorithms; HS256 if absent. */
    readonly alg?: Algorithm | undefined;
}

/** What `issue` takes. */
export interface IssueOptions {
    /** For how many seconds the token holds: sets `exp`. */
    readonly expiresIn: number;
    /** Whether to add a random `jti`. */
    readonly jti?: boolean | undefined;
    /** The time, in whole Unix seconds; the system clock if absent. */
    readonly now?: number | undefined;
}

/** What `issueText` and a token's `verify` take. */
export interface NowOption {
    /** The time, in whole Unix seconds; the system clock if absent. */
    readonly now?: number | undefined;
}

/** A claim's rule: equal to a value, of a type and not empty, or one of several values. */
export type ClaimRule = string | number | boolean | null | {
    readonly type: 'string' | 'number' | 'boolean' | 'array' | 'object';
} | {

/** What a token must fulfil. */
export interface TokenPolicy {
    /** `["HS256"]` if absent. */
    readonly algorithms?: readonly Algorithm[] | undefined;
    readonly issuer?: string | undefined;
    /** Without one, a token that names an audience is refused. */
    readonly audience?: string | readonly string[] | undefined;
    readonly subject?: string | undefined;
    /** How far the clocks may differ, in seconds (0 to 300); 30 if absent. */
    readonly leeway?: number | undefined;
    readonly typ?: string | undefined;
    /** How old a token may be by its `iat`, in seconds. */
    readonly maxAge?: number | undefined;
    readonly claims?: Readonly<Record<string, ClaimRule>> | undefined;
    /** The `jti` that count no more. */
    readonly revoked?: readonly string[] | undefined;
}

/** Issues tokens (JWT) under one key. */
export declare class TokenIssuer {
    #private;
    /** @throws CountersealError `malformed_argument`, also for an algorithm that is not the key's. */
    constructor(key: Key, options?: TokenIssuerOptions);
    /** Signs claims, with `iat`, `exp` and, if asked, `jti` added. */
    issue(claims: Readonly<Record<string, unknown>>, options: IssueOptions): string;
    /** Signs a JSON object's text as it stands. */
    issueText(claimsText: string | Uint8Array | ArrayBuffer, options?: NowOption): string;
}

/** Evidence that a token is genuine, of its time, and as the policy wants it. Only a verifier makes one. */
export declare class VerifiedToken {
    readonly claims: Readonly<Record<string, unknown>>;
    /** The claims in RFC 8785 form. */
    readonly claimsText: string;
    /** The id of the key that signed, whether the token names it or not. */
    readonly keyId: string;
    /** Who holds the key that signed. */
    readonly owner: string;
    private constructor();
}

/** Verifies tokens (JWT) against a keyring and a policy. */
export declare class TokenVerifier {
    #private;
    /** @throws CountersealError `malformed_argument` for a policy that is not in order. */
    constructor(keyring: Keyring, policy?: TokenPolicy);
    /** @throws CountersealError with the code of the first check that failed. */
    verify(token: string | Uint8Array | ArrayBuffer, options?: NowOption): VerifiedToken;
}

/** Which calls some callers may make. */
export interface TrustRule {
    /** Owners of keys. */
    readonly callers: readonly string[];
    /** As they are sent, such as POST; any if absent. */
    readonly methods?: readonly string[];
    /** Prefixes of whole segments; every path if absent. */
    readonly paths?: readonly string[];
}

/** Who may call whom: a member for each callee. What is not named is refused. */
export type TrustPolicy = Readonly<Record<string, CalleePolicy>>;

/** Who may call one server. */
export interface CalleePolicy {
    readonly rules?: readonly TrustRule[];
    /** Paths, each as a whole, that anyone may call without a signature. */
    readonly exempt?: readonly string[];
}

/** Who may call whom in a whole mesh. */
export declare class Trust {
    #private;
    /**
     * @param policy an object, or the JSON text of one, which is read strictly.
     * @throws CountersealError `malformed_argument` for what is not in its grammar.
     */
    constructor(policy: TrustPolicy | string);
    /** Whether the caller may make this call; `path` is as it was sent, without the query. @throws CountersealError `caller_not_allowed`, in words. */
    check(callee: string, caller: string, method: string, path: string): void;
    /** Whether anyone may call this path of the callee, signed or not. */
    isExempt(callee: string, path: string): boolean;
    /** What the policy says of a callee, a sentence a rule and caller. */
    explain(callee: string): string[];
}

/** Evidence that a packet is genuine, of its time, and seen for the first time. Only a verifier makes one. */
export declare class Verified {
    /** `json` with `payload` and `payloadText`, or `bytes` with `data`. */
    readonly kind: 'json' | 'bytes';
    /** The JSON value, parsed from the very text that was signed. */
    readonly payload?: unknown;
    /** The JSON value's RFC 8785 form: the bytes that were signed. */
    readonly payloadText?: string;
    /** The raw bytes. */
    readonly data?: Uint8Array;
    readonly keyId: string;
    /** Who holds the key that signed: the caller's identity. */
    readonly owner: string;
    /** When it was signed, in Unix seconds. */
    readonly timestamp: number;
    readonly nonce: string;
    private constructor();
}

/** What a verifier accepts. */
export interface PacketVerifierOptions {
    /** How old a packet may be, in seconds (1 to 3600); 60 if absent. */
    readonly maxAge?: number | undefined;
    /** How far ahead of this clock a packet may be, in seconds (1 to 3600); 5 if absent. */
    readonly maxAhead?: number | undefined;
    /** The owners that may call; any if absent. */
    readonly allow?: readonly string[] | undefined;
    /** A guard of one's own, to share or to size; a fresh one without a fence (start 0) if absent. One that replicas share needs `verifyAsync`. */
    readonly guard?: MemoryReplayGuard | SharedReplayGuard | undefined;
    /** The largest body, in bytes; 1 MiB if absent. */
    readonly bodyLimit?: number | undefined;
}

/** What `verifyParts` takes. */
export interface VerifyPartsOptions extends CallOptions {
    readonly keyId: string;
    readonly kind: 'json' | 'bytes';
    readonly body: Uint8Array | ArrayBuffer;
    /** When it was signed, in Unix seconds. */
    readonly ts: number;
    readonly nonce: string;
    readonly sig: string;
}

/** A packet as it arrived: as text, as UTF-8 bytes, or already parsed. */
export type PacketSource = string | Uint8Array | ArrayBuffer | Packet | Readonly<Record<string, unknown>>;

/**
 * Verifies packets against a keyring. A packet is accepted once; every call either hands over evidence or throws
 * CountersealError with the code of the first check that failed.
 *
 * Without a `guard` of its own it remembers from its making only: after a restart, a packet younger than `maxAge` that
 * was accepted before would be accepted again. Give it a MemoryReplayGuard with `start` to refuse those.
 */
export declare class PacketVerifier {
    #private;
    constructor(keyring: Keyring, options?: PacketVerifierOptions);
    /** Verifies a packet. Text is judged strictly; an object is judged as the text that JSON would make of it. */
    verify(packet: PacketSource, options: CallOptions): Verified;
    /** Verifies parts that travelled by themselves, by the same checks. */
    verifyParts(options: VerifyPartsOptions): Verified;
    /** As `verify`, with any guard: one that replicas share is asked when all else is in order. */
    verifyAsync(packet: PacketSource, options: CallOptions): Promise<Verified>;
    /** As `verifyParts`, with any guard. */
    verifyPartsAsync(options: VerifyPartsOptions): Promise<Verified>;
    /** Verifies many packets in order. A refused one stands as its error in its place and hides no other. */
    verifyBatch(packets: readonly PacketSource[], options: CallOptions): (Verified | CountersealError)[];
}

// Of these the entries @counterseal/wasm/client and counterseal/client have:
//   Algorithm
//   CallOptions
//   ClaimRule
//   CountersealError
//   ErrorClass
//   ErrorCode
//   Key
//   KeyOptions
//   Keyring
//   MemoryReplayGuard
//   MemoryReplayGuardOptions
//   NowOption
//   Packet
//   PacketSigner
//   PacketSignerOptions
//   PacketSource
//   PacketVerifier
//   PacketVerifierOptions
//   Secret
//   SecretSource
//   SignOptions
//   SignPartsOptions
//   Signature
//   TokenPolicy
//   TokenVerifier
//   Use
//   Verified
//   VerifiedToken
//   VerifyPartsOptions

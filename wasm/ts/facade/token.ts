import { callOptions, nowOf, outsideText } from './arguments.js';
import { bytes, isBytes } from './bytes.js';
import { engine, type RawClaims, type RawTokenIssuer, type RawTokenVerifier, type RawVerifiedTicket, type RawVerifiedToken } from './engine.js';
import { call, refuse } from './errors.js';
import { rawKey, rawKeyring, type Algorithm, type Key, type Keyring } from './key.js';
import { argumentJson, readOptions, toJson } from './options.js';
import { learnToken, quickToken } from './quick.js';
import { encode } from './text.js';

const SEAL = Symbol('verified token');
// Set by the classes below: the one makes what nothing else can, the other alone can see its engine's object.
let verified: (claims: RawClaims, keyId: string, owner: string) => VerifiedToken;
let rawVerifierOf: (verifier: object) => RawTokenVerifier | undefined;
// Few tokens are tickets: the others need not pay for a member more.
const tickets = new WeakMap<object, RawVerifiedTicket>();

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
export type ClaimRule =
  | string
  | number
  | boolean
  | null
  | { readonly type: 'string' | 'number' | 'boolean' | 'array' | 'object' }
  | { readonly any_of: readonly (string | number | boolean | null)[] };

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
export class TokenIssuer {
  readonly #raw: RawTokenIssuer;

  /** @throws CountersealError `malformed_argument`, also for an algorithm that is not the key's. */
  constructor(key: Key, options?: TokenIssuerOptions) {
    const raw = rawKey(key);
    const json = toJson(readOptions(options, 'issuer options'), 'issuer options');
    this.#raw = call(() => new (engine().RawTokenIssuer)(raw, json));
  }

  /** Signs claims, with `iat`, `exp` and, if asked, `jti` added. */
  issue(claims: Readonly<Record<string, unknown>>, options: IssueOptions): string {
    const given = readOptions(options, 'issue options');
    const now = nowOf(given);
    const json = toJson(given, 'issue options');
    const source = encode(argumentJson(claims, 'claims'));
    return call(() => this.#raw.issue(source, json, now));
  }

  /** Signs a JSON object's text as it stands. */
  issueText(claimsText: string | Uint8Array | ArrayBuffer, options?: NowOption): string {
    const now = nowOf(callOptions(options, 'issueText', NOW));
    const source = outsideText(claimsText, 'claimsText');
    return call(() => this.#raw.issueText(source, now));
  }
}

/** Evidence that a token is genuine, of its time, and as the policy wants it. Only a verifier makes one. */
export class VerifiedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  /** The claims in RFC 8785 form. */
  readonly claimsText: string;
  /** The id of the key that signed, whether the token names it or not. */
  readonly keyId: string;
  /** Who holds the key that signed. */
  readonly owner: string;

  private constructor(seal: symbol, claims: RawClaims, keyId: string, owner: string) {
    if (seal !== SEAL) {
      refuse('only a TokenVerifier makes a VerifiedToken');
    }
    this.claims = claims.value;
    this.claimsText = claims.text;
    this.keyId = keyId;
    this.owner = owner;
  }

  static {
    verified = (claims, keyId, owner) => new VerifiedToken(SEAL, claims, keyId, owner);
  }
}

/** Verifies tokens (JWT) against a keyring and a policy. */
export class TokenVerifier {
  readonly #raw: RawTokenVerifier;

  /** @throws CountersealError `malformed_argument` for a policy that is not in order. */
  constructor(keyring: Keyring, policy?: TokenPolicy) {
    const ring = rawKeyring(keyring);
    const json = toJson(readOptions(policy, 'policy'), 'policy');
    this.#raw = call(() => new (engine().RawTokenVerifier)(ring, json));
  }

  /** @throws CountersealError with the code of the first check that failed. */
  verify(token: string | Uint8Array | ArrayBuffer, options?: NowOption): VerifiedToken {
    const raw = this.#raw;
    const claims = typeof token === 'string' ? quickToken(raw, token, options) : undefined;
    return claims === undefined || raw.signer === undefined ? this.#verify(token, options) : verified(claims, raw.signer.keyId, raw.signer.owner);
  }

  #verify(token: unknown, options: unknown): VerifiedToken {
    const now = nowOf(callOptions(options, 'verify', NOW));
    learnToken(options);
    const source = tokenBytes(token);
    return tokenEvidence(call(() => this.#raw.verify(source, now)));
  }

  static {
    rawVerifierOf = (verifier) => (#raw in verifier ? verifier.#raw : undefined);
  }
}

/** The engine's verifier out of a TokenVerifier. @internal */
export function rawTokenVerifier(verifier: unknown, name: string): RawTokenVerifier {
  const raw = typeof verifier === 'object' && verifier !== null ? rawVerifierOf(verifier) : undefined;
  return raw ?? refuse(`${name} must be a TokenVerifier of this package`);
}

/** What the engine keeps of a ticket, out of a VerifiedToken. @internal */
export function rawVerifiedTicket(token: unknown): RawVerifiedTicket {
  if (!(token instanceof VerifiedToken)) {
    refuse('token must be a VerifiedToken of this package');
  }
  return tickets.get(token) ?? refuse('the token was not verified as a ticket: name typ "counterseal-ticket+jwt" in the policy');
}

/** An engine's evidence as a VerifiedToken. @internal */
export function tokenEvidence({ claimsText, keyId, owner, ticket }: RawVerifiedToken): VerifiedToken {
  const token = verified({ text: claimsText, value: JSON.parse(claimsText) as Record<string, unknown> }, keyId, owner);
  if (ticket !== undefined) {
    tickets.set(token, ticket);
  }
  return token;
}

// A peer can send anything where its token belongs: the core refuses it, after the arguments of the caller's own.
function tokenBytes(token: unknown): Uint8Array {
  if (typeof token === 'string') {
    return encode(token);
  }
  return isBytes(token) ? bytes(token, 'token') : new Uint8Array();
}

const NOW = ['now'];

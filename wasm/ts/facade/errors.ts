import { engine } from './engine.js';

/** The class of a refusal: all that a peer may learn, with the status. */
export type ErrorClass = 'invalid' | 'unauthorized' | 'forbidden' | 'too_large' | 'too_many_requests' | 'unavailable';

/** Every code there is, the same in all languages; `errorList()` has a sentence for each. */
export type ErrorCode =
  | 'malformed_argument'
  | 'malformed_key'
  | 'weak_secret'
  | 'malformed_packet'
  | 'malformed_payload'
  | 'malformed_request'
  | 'malformed_token'
  | 'unsupported_version'
  | 'wrong_authority'
  | 'unknown_key'
  | 'revoked_key'
  | 'inactive_key'
  | 'unsupported_algorithm'
  | 'unsupported_critical'
  | 'bad_signature'
  | 'body_mismatch'
  | 'expired'
  | 'not_yet_valid'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'claim_missing'
  | 'claim_invalid'
  | 'claim_mismatch'
  | 'token_revoked'
  | 'replayed'
  | 'heartbeat_missed'
  | 'caller_not_allowed'
  | 'payload_too_large'
  | 'token_too_large'
  | 'rate_limited'
  | 'replay_guard_full'
  | 'replay_guard_starting'
  | 'store_unavailable';

/** One row of the closed list of codes. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  readonly class: ErrorClass;
  /** The HTTP status that goes with the class. */
  readonly status: number;
  readonly sentence: string;
}

/** The one error this package throws. Its message is `code: detail`; no part of it holds secret material. */
export class CountersealError extends Error {
  readonly code: ErrorCode;
  readonly class: ErrorClass;
  /** The HTTP status that goes with the class. */
  readonly status: number;
  /** What exactly was wrong: for the local log, not for a peer. */
  readonly detail: string;

  constructor(code: ErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    const info = rows().get(code);
    this.code = code;
    this.class = info?.class ?? 'invalid';
    this.status = info?.status ?? 400;
    this.detail = detail;
  }

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'CountersealError', configurable: true, writable: true });
  }
}

/** The closed list of codes, each with its class, status and one sentence. */
export function errorList(): ErrorInfo[] {
  return engine().errorList().map((row) => {
    const [code, klass, status, sentence] = row.split('\n') as [ErrorCode, ErrorClass, string, string];
    return { code, class: klass, status: Number(status), sentence };
  });
}

/** Throws a refusal of the caller's own making. */
export function refuse(detail: string, code: ErrorCode = 'malformed_argument'): never {
  throw new CountersealError(code, detail);
}

/** Runs one engine call; what it throws becomes a CountersealError. */
export function call<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw fromEngine(error);
  }
}

/** Makes the error out of an engine's `code LF detail`. */
export function fromText(text: string): CountersealError | undefined {
  const end = text.indexOf('\n');
  const code = text.slice(0, Math.max(end, 0)) as ErrorCode;
  return rows().has(code) ? new CountersealError(code, text.slice(end + 1)) : undefined;
}

function fromEngine(error: unknown): unknown {
  return error instanceof Error ? (fromText(error.message) ?? error) : error;
}

let known: Map<ErrorCode, ErrorInfo> | undefined;

function rows(): Map<ErrorCode, ErrorInfo> {
  known ??= new Map(errorList().map((row) => [row.code, row]));
  return known;
}

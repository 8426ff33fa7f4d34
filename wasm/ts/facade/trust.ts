import { engine, type RawTrust } from './engine.js';
import { call } from './errors.js';
import { argumentJson } from './options.js';
import { encode, text } from './text.js';

// Set by the class below, which alone can see what it holds.
let policyOf: (trust: object) => unknown;

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
export class Trust {
  readonly #raw: RawTrust;
  readonly #policy: unknown;

  /**
   * @param policy an object, or the JSON text of one, which is read strictly.
   * @throws CountersealError `malformed_argument` for what is not in its grammar.
   */
  constructor(policy: TrustPolicy | string) {
    const json = typeof policy === 'string' ? text(policy, 'policy') : argumentJson(policy, 'policy');
    this.#raw = call(() => new (engine().RawTrust)(encode(json)));
    this.#policy = JSON.parse(json);
  }

  /** Whether the caller may make this call; `path` is as it was sent, without the query. @throws CountersealError `caller_not_allowed`, in words. */
  check(callee: string, caller: string, method: string, path: string): void {
    const [to, from, how, where] = [text(callee, 'callee'), text(caller, 'caller'), text(method, 'method'), text(path, 'path')];
    call(() => this.#raw.check(to, from, how, where));
  }

  /** Whether anyone may call this path of the callee, signed or not. */
  isExempt(callee: string, path: string): boolean {
    const [to, where] = [text(callee, 'callee'), text(path, 'path')];
    return call(() => this.#raw.isExempt(to, where));
  }

  /** What the policy says of a callee, a sentence a rule and caller. */
  explain(callee: string): string[] {
    const to = text(callee, 'callee');
    return call(() => this.#raw.explain(to));
  }

  static {
    policyOf = (trust) => (#policy in trust ? trust.#policy : trust);
  }
}

/** The policy that a Trust was made of; anything else as it is. @internal */
export function trustPolicy(trust: unknown): unknown {
  return typeof trust === 'object' && trust !== null ? policyOf(trust) : trust;
}

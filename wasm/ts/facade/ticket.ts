import { nowOf } from './arguments.js';
import { engine, type RawTicketIssuer } from './engine.js';
import { call } from './errors.js';
import { rawKey, wrapKey, type Key } from './key.js';
import { readOptions, toJson } from './options.js';
import { rawSecret, wrapSecret, type Secret, type SecretSource } from './secret.js';
import { text } from './text.js';
import { rawVerifiedTicket, type VerifiedToken } from './token.js';

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
export class TicketIssuer {
  readonly #raw: RawTicketIssuer;

  /**
   * @param master what the keys' secrets are derived from.
   * @param key signs the tickets (HS256); its use must be `token`.
   * @param audience who takes the tickets.
   * @throws CountersealError `malformed_argument`, and as a Secret's constructor for the master.
   */
  constructor(master: SecretSource, key: Key, audience: string) {
    const [secret, signer, name] = [rawSecret(master), rawKey(key), text(audience, 'audience')];
    this.#raw = call(() => new (engine().RawTicketIssuer)(secret, signer, name));
  }

  /** Issues a ticket. @throws CountersealError `malformed_argument`, `token_too_large`, `revoked_key` or `inactive_key` */
  issue(owner: string, options: TicketOptions): Ticket {
    const given = readOptions(options, 'ticket options');
    const now = nowOf(given);
    const json = toJson(given, 'ticket options');
    const name = text(owner, 'owner');
    const { token, keyId, secret, expires } = call(() => this.#raw.issue(name, json, now));
    return { token, keyId, secret: wrapSecret(secret), expires };
  }
}

/**
 * The keys that a ticket comes with, for the connection on which it was presented and no other. Both end with the ticket.
 * @param token verified under a policy whose `typ` is `counterseal-ticket+jwt`.
 * @param server the server's name, under which it signs.
 * @throws CountersealError `malformed_argument`; `claim_missing` or `claim_invalid` for what a ticket must say.
 */
export function ticketKeys(master: SecretSource, token: VerifiedToken, server: string): TicketKeys {
  const [secret, ticket, name] = [rawSecret(master), rawVerifiedTicket(token), text(server, 'server')];
  const [serverKey, clientKey] = call(() => engine().ticketKeys(secret, ticket, name)).map(wrapKey) as [Key, Key];
  return { serverKey, clientKey };
}

// The operator's password, exchanged for a ticket: a token, and a key for this page alone that ends with it.

import { Key, Keyring } from '/sdk/dist/inline.js';
import { span } from './words.mjs';

/** Asks for a ticket. Fails with a sentence for the operator. The password goes in the request's body, and is kept nowhere. */
export async function buyTicket(password) {
  const answer = await fetch('/ticket', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
  }).catch(() => {
    throw new Error('The server cannot be reached.');
  });
  if (!answer.ok) throw new Error(REFUSED[answer.status] ?? `The server gave no ticket (status ${answer.status}).`);
  checkClock(answer.headers.get('date'));
  return new Ticket(await answer.json());
}

class Ticket {
  constructor({ token, key_id, secret, expires, owner, server }) {
    this.token = token;
    this.owner = owner;
    this.server = server;
    this.expires = expires;
    this.key = new Key(key_id, { secret, owner, notAfter: expires, uses: ['packet'] });
    // The server signs under its own name, with the secret that this page and nobody else shares with it.
    this.serverKeys = new Keyring([new Key(server, { secret, owner: server, notAfter: expires, uses: ['packet'] })]);
  }

  /** Whole seconds until it ends. */
  get remaining() {
    return Math.max(0, Math.ceil(this.expires - Date.now() / 1000));
  }
}

/** With a clock that is off, every packet would be refused for its age, and the ticket would seem to end at the wrong time. */
function checkClock(date) {
  const off = Math.round((Date.now() - Date.parse(date)) / 1000);
  if (Math.abs(off) <= MOST_OFF) return;
  throw new Error(`This machine’s clock is ${span(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} the server’s. Set the one that is wrong, then sign in again.`);
}

/** How far apart two clocks may be in a session, in seconds. */
export const MOST_OFF = 5;
const REFUSED = {
  401: 'That is not the operator’s password.',
  429: 'Too many wrong passwords of late. Wait a minute, then try again.',
};

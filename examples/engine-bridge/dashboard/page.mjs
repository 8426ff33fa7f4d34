// The dashboard: signs in, connects, and shows what was verified and nothing else.

import { Bar } from './bar.mjs';
import { Board } from './board.mjs';
import { Connection } from './connection.mjs';
import { say } from './dom.mjs';
import { ending } from './endings.mjs';
import { Notice } from './notice.mjs';
import { SignIn } from './sign-in.mjs';
import { buyTicket, MOST_OFF } from './ticket.mjs';

class Page {
  #notice = new Notice();
  #waiting = document.querySelector('#waiting');
  #bar = new Bar({ renew: () => this.#signIn.show({ renewing: true }), signOut: () => this.#signOut() });
  #board = new Board((engine, jobType) => this.#connection?.send('send_job', { engine, jobType }));
  #signIn = new SignIn({ submit: (password) => this.#signedIn(password), cancel: () => this.#cancelled() });
  #ticket;
  #connection;
  #verified = 0;
  #retry;
  #wait = FIRST_WAIT;

  start() {
    setInterval(() => this.#tick(), TICK);
    this.#signIn.show();
  }

  async #signedIn(password) {
    this.#ticket = await buyTicket(password);
    this.#signIn.hide();
    if (this.#board.isShown) this.#bar.focusRenew();
    this.#connect();
  }

  #cancelled() {
    this.#signIn.hide();
    this.#bar.focusRenew();
  }

  /** Opens a connection in place of the one there is. What that one showed may stand until the new one shows more. */
  #connect() {
    if (this.#ticket.remaining === 0) return this.#ticketEnded();
    this.#disconnect();
    this.#notice.hide();
    this.#verified = 0;
    this.#await('Connecting; the server must prove itself first.');
    this.#connection = new Connection(this.#ticket, {
      opened: () => this.#count(),
      received: (event, payload) => this.#received(event, payload),
      ended: (why) => this.#ended(why),
    });
  }

  #received(event, payload) {
    this.#count();
    if (event === 'snapshot') {
      this.#show(payload);
    } else if (event === 'activity') {
      this.#board.happened(payload);
    }
  }

  #show(snapshot) {
    const wasShown = this.#board.isShown;
    this.#await('');
    this.#board.show(snapshot);
    if (!wasShown) this.#board.focus();
    this.#wait = FIRST_WAIT;
  }

  #ended(why) {
    this.#clear();
    if (this.#isTicketsEnd(why)) return this.#ticketEnded();
    const told = ending(why);
    const again = ['Connect again', () => this.#connect()];
    if (why.kind === 'lost') {
      told.text.push(`Trying again in ${this.#wait} s.`);
      this.#retry = setTimeout(() => this.#connect(), this.#wait * 1000);
      this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT);
    }
    this.#notice.show({ ...told, actions: [again, ['Sign out', () => this.#signOut()]] });
    if (why.kind !== 'lost') this.#notice.focus();
  }

  /** The server's clock, which ends it there, may be somewhat ahead. */
  #isTicketsEnd({ kind, code }) {
    return TICKETS_END.includes(code) || (kind === 'refused' && this.#ticket.remaining <= MOST_OFF);
  }

  #ticketEnded() {
    this.#signOut();
    this.#notice.show({ level: 'plain', title: 'Your ticket has ended', text: ['Sign in again to go on.'] });
  }

  #signOut() {
    this.#clear();
    this.#notice.hide();
    this.#ticket = undefined;
    this.#signIn.show();
  }

  /** Ends the connection and takes all that it showed off the screen. */
  #clear() {
    this.#disconnect();
    this.#board.clear();
    this.#bar.hide();
    this.#signIn.hide();
    this.#await('');
  }

  #disconnect() {
    clearTimeout(this.#retry);
    this.#connection?.close();
    this.#connection = undefined;
  }

  #tick() {
    this.#board.tick();
    if (this.#connection === undefined) return;
    if (this.#ticket.remaining === 0) this.#ticketEnded();
    else this.#showBar();
  }

  #count() {
    this.#verified += 1;
    this.#showBar();
  }

  #showBar() {
    const { id } = this.#connection;
    if (id === undefined) return;
    const { owner, server, remaining } = this.#ticket;
    this.#bar.show({ owner, server, id, verified: this.#verified, remaining });
  }

  #await(text) {
    this.#waiting.hidden = text === '';
    say(this.#waiting, text);
  }
}

/** Milliseconds between two looks at the clock. */
const TICK = 1000;
/** Seconds before a lost connection is tried again: at first, and at most. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 15;
/** The codes of a ticket that is over, and of its key. */
const TICKETS_END = ['token_expired', 'inactive_key'];

new Page().start();

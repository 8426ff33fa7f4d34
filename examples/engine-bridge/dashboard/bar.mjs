// What the page says of its own session: who it is, which one, how much it has verified, how long its ticket holds.

import { element, say } from './dom.mjs';
import { count, countdown, short } from './words.mjs';

export class Bar {
  #bar = document.querySelector('#session');
  #trust = document.querySelector('#trust');
  #renew = document.querySelector('#renew');
  #facts = {};

  constructor({ renew, signOut }) {
    const list = document.querySelector('#facts');
    for (const title of ['Signed in as', 'Signed by', 'Session', 'Ticket']) {
      const value = element('dd');
      this.#facts[title] = value;
      list.append(element('div', {}, element('dt', {}, title), value));
    }
    this.#renew.addEventListener('click', renew);
    document.querySelector('#sign-out').addEventListener('click', signOut);
  }

  show({ owner, server, id, verified, remaining }) {
    this.#bar.hidden = false;
    say(this.#trust, `✓ ${count(verified)} ${verified === 1 ? 'event' : 'events'} verified`);
    say(this.#facts['Signed in as'], owner);
    say(this.#facts['Signed by'], server);
    say(this.#facts.Session, short(id));
    this.#facts.Session.title = id;
    say(this.#facts.Ticket, `${countdown(remaining)} left`);
    this.#facts.Ticket.className = remaining <= SOON ? 'soon' : '';
  }

  hide() {
    this.#bar.hidden = true;
  }

  focusRenew() {
    this.#renew.focus();
  }
}

/** Seconds before its end in which a ticket's time is shown as running out. */
const SOON = 60;

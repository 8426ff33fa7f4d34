// Everything that is shown of a verified snapshot.

import { Activity } from './activity.mjs';
import { element, say } from './dom.mjs';
import { Engines } from './engines.mjs';
import { Jobs } from './jobs.mjs';
import { Refusals } from './refusals.mjs';
import { count } from './words.mjs';

export class Board {
  #whole = document.querySelector('#board');
  #totals = new Totals(document.querySelector('#totals'));
  #engines;
  #jobs = new Jobs(document.querySelector('#jobs'));
  #refusals = new Refusals(document.querySelector('#refusals'));
  #activity = new Activity(document.querySelector('#activity'), document.querySelector('#said'));

  /** `sendJob` is called with an engine's name and a job's type. */
  constructor(sendJob) {
    this.#engines = new Engines(document.querySelector('#engines'), document.querySelector('#job-type'), sendJob);
  }

  /** Shows a snapshot in place of what was there. */
  show(snapshot) {
    this.#totals.show(snapshot);
    this.#engines.show(snapshot);
    this.#jobs.show(snapshot.jobs);
    this.#refusals.show(snapshot.refusals);
    this.#whole.hidden = false;
  }

  get isShown() {
    return !this.#whole.hidden;
  }

  /** Takes the keyboard here, if it is nowhere. */
  focus() {
    if (document.activeElement === document.body) document.querySelector('#engines').focus({ preventScroll: true });
  }

  /** Shows one thing that happened. */
  happened(activity) {
    this.#activity.add(activity);
  }

  /** Lets the ages grow. */
  tick() {
    this.#engines.tick();
    this.#activity.tick();
  }

  /** Takes everything off the screen, so that nothing stands there which is no longer vouched for. */
  clear() {
    this.show(NOTHING);
    this.#activity.clear();
    this.#whole.hidden = true;
  }
}

class Totals {
  #values;

  constructor(list) {
    const figures = ['Engines connected', 'Packets verified', 'Refused', 'Jobs sent'].map((title) => {
      const value = element('dd');
      const figure = element('div', {}, element('dt', {}, title), value);
      return { figure, value };
    });
    list.replaceChildren(...figures.map(({ figure }) => figure));
    this.#values = figures;
  }

  show({ engines, totals }) {
    const [engine, packets, refused, jobs] = this.#values;
    engine.value.replaceChildren(count(totals.connected), element('small', {}, ` of ${count(engines.length)}`));
    say(packets.value, count(totals.packets));
    say(refused.value, count(totals.refusals));
    refused.figure.classList.toggle('some', totals.refusals > 0);
    say(jobs.value, count(totals.jobs));
  }
}

const NOTHING = { now: 0, heartbeatWindow: 0, engines: [], jobs: [], refusals: [], totals: { connected: 0, packets: 0, refusals: 0, jobs: 0 } };

// What happened while the page looked on, the latest first. Refusals have a list of their own, and are said to who listens.

import { element, List, say } from './dom.mjs';
import { clock, count } from './words.mjs';

export class Activity {
  #list;
  #lines = [];
  #number = 0;
  /** What each engine last said of itself: it says so every few seconds, and only a change is news. */
  #statuses = new Map();
  #announcer;

  constructor(panel, said) {
    this.#list = new List(panel, { label: 'Activity, the latest first', empty: 'Nothing has happened since you signed in.', row });
    this.#announcer = new Announcer(said);
  }

  add(activity) {
    if (activity.kind === 'refused') return this.#announcer.say(activity);
    if (activity.kind === 'status' && !this.#isNews(activity)) return;
    this.#number += 1;
    this.#lines = [{ ...activity, number: this.#number }, ...this.#lines].slice(0, MOST_LINES);
    this.#show();
  }

  tick() {
    this.#announcer.tick();
  }

  clear() {
    this.#lines = [];
    this.#statuses.clear();
    this.#announcer.clear();
    this.#show();
  }

  #isNews({ engine, text }) {
    const isNews = this.#statuses.get(engine) !== text;
    this.#statuses.set(engine, text);
    return isNews;
  }

  #show() {
    this.#list.show(this.#lines, ({ number }) => number);
  }
}

function row() {
  const [at, text] = [element('time'), element('span')];
  return {
    element: element('li', {}, at, text),
    show(activity) {
      say(at, clock(activity.at));
      say(text, (SENTENCES[activity.kind] ?? SENTENCES.status)(activity));
    },
  };
}

/** Says refusals. A forger that hammers must not make it talk without a pause, so those between two ticks are told together. */
class Announcer {
  #said;
  #refusals = [];

  constructor(said) {
    this.#said = said;
  }

  say(refusal) {
    this.#refusals.push(refusal);
  }

  tick() {
    if (this.#refusals.length === 0) return;
    const { engine, text } = this.#refusals.at(-1);
    const last = `${engine ?? 'nobody'}, ${text}`;
    say(this.#said, this.#refusals.length === 1 ? `Refused: ${last}` : `${count(this.#refusals.length)} refused, the last: ${last}`);
    this.#refusals = [];
  }

  clear() {
    this.#refusals = [];
    say(this.#said, '');
  }
}

const SENTENCES = {
  connected: ({ engine }) => `${engine} connected`,
  disconnected: ({ engine, text }) => `${engine} left: ${text}`,
  status: ({ engine, text }) => `${engine}: ${text}`,
  job_sent: ({ engine, text }) => `${engine} was sent ${text}`,
  job_result: ({ engine, text }) => `${engine} answered: ${text}`,
};
const MOST_LINES = 60;

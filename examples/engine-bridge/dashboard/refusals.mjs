// What was refused, the latest first, each code with what it means.

import { errorList } from '/sdk/dist/inline.js';
import { element, List, say } from './dom.mjs';
import { clock } from './words.mjs';

export class Refusals {
  #list;

  constructor(panel) {
    this.#list = new List(panel, { label: 'Refusals, the latest first', empty: 'Nothing has been refused.', row });
  }

  /** Shows refusals, which come in the order of their time. */
  show(refusals) {
    this.#list.show(named(refusals).toReversed(), ({ name }) => name);
  }
}

/** What a code means, in a sentence. */
export function meaning(code) {
  return SENTENCES.get(code) ?? 'This page’s SDK does not know the code.';
}

/** The code, which leads to what can be done about it. */
export function advice(code) {
  return element('a', { href: ERRORS_PAGE + encodeURIComponent(code), target: '_blank', rel: 'noreferrer' }, element('code', {}, code));
}

function row() {
  const [at, code, from, event, why] = [element('time'), element('span'), element('span'), element('code'), element('small')];
  why.append(event);
  const line = element('li', { class: 'refusal' }, at, code, from, why);
  return {
    element: line,
    // A row's refusal never changes.
    show({ refusal }) {
      if (at.textContent !== '') return;
      say(at, clock(refusal.at));
      code.append(advice(refusal.code));
      say(from, refusal.engine ?? 'nobody');
      from.className = refusal.engine === null ? 'from nobody' : 'from';
      say(event, refusal.event);
      why.append(` ${meaning(refusal.code)}`);
    },
  };
}

/** Refusals with a name for each, told apart where all that is known of two is the same. */
function named(refusals) {
  const times = new Map();
  return refusals.map((refusal) => {
    const known = JSON.stringify([refusal.at, refusal.engine, refusal.event, refusal.code]);
    const nth = (times.get(known) ?? 0) + 1;
    times.set(known, nth);
    return { name: `${known} ${nth}`, refusal };
  });
}

const SENTENCES = new Map(errorList().map(({ code, sentence }) => [code, sentence]));
const ERRORS_PAGE = 'https://github.com/counterseal/counterseal/blob/main/docs/errors.md#';

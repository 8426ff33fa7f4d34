// The jobs that were sent, the latest first.

import { element, say, Table } from './dom.mjs';
import { clock, short } from './words.mjs';

export class Jobs {
  #table;

  constructor(panel) {
    this.#table = new Table(panel, {
      layout: 'jobs',
      label: 'Jobs, the latest first',
      headings: ['Job', 'Engine', 'Type', 'State', 'Since'],
      empty: 'No job has been sent yet. Send one to an engine that is connected.',
      row,
    });
  }

  show(jobs) {
    this.#table.show(jobs.toReversed(), ({ jobId }) => jobId);
  }
}

function row(job, engine, type, state, since) {
  const id = element('code');
  job.append(id);
  const badge = element('span');
  state.append(badge);
  const at = element('time');
  since.append(at);
  return (shown) => {
    say(id, short(shown.jobId));
    id.title = shown.jobId;
    say(engine, shown.engine);
    say(type, shown.jobType);
    const [kind, text] = STATES[shown.state] ?? ['open', shown.state];
    badge.className = `state ${kind}`;
    say(badge, text);
    say(at, clock(shown.at));
  };
}

const STATES = { sent: ['open', 'Sent'], done: ['good', 'Done'], failed: ['bad', 'Failed'] };

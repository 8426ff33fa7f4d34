// The engines: who is connected, when each last proved that it lives, and a button that gives it a job.

import { element, say, Table } from './dom.mjs';
import { clock, count, span } from './words.mjs';

export class Engines {
  #table;
  #jobType;
  #sendJob;
  #beats = new Set();
  /** The server's time less this page's, in seconds: ages are told by the clock that wrote the times. */
  #ahead = 0;
  /** Seconds without a heartbeat after which the server lets an engine go. */
  #window = 0;

  constructor(panel, jobType, sendJob) {
    this.#jobType = jobType;
    this.#sendJob = sendJob;
    jobType.replaceChildren(...JOB_TYPES.map((type) => element('option', {}, type)));
    this.#table = new Table(panel, {
      layout: 'engines',
      label: 'Engines',
      headings: ['Engine', 'Connection', 'Heartbeat', 'Status', 'Packets', 'Refused', 'Job'],
      empty: 'No engine has connected yet. Each appears here once it has proved its key.',
      row: (...cells) => this.#row(...cells),
    });
  }

  show({ now, engines, heartbeatWindow }) {
    this.#ahead = now - time();
    this.#window = heartbeatWindow;
    const inOrder = engines.toSorted((one, other) => ORDER.compare(one.name, other.name));
    this.#beats.clear();
    this.#table.show(inOrder, ({ name }) => name);
  }

  tick() {
    for (const { cell, engine } of this.#beats) this.#showBeat(cell, engine);
  }

  #row(name, connection, beat, status, packets, refusals, job) {
    const state = element('span');
    const since = element('small');
    connection.append(state, since);
    const heart = element('span');
    beat.append(heart);
    for (const cell of [packets, refusals]) cell.classList.add('number');
    job.classList.add('bare');
    const button = element('button', { type: 'button' }, 'Send job');
    job.append(button);
    let shown;
    button.addEventListener('click', () => this.#sendJob(shown.name, this.#jobType.value));
    return (engine) => {
      shown = engine;
      say(name, engine.name);
      say(state, engine.connected ? 'Connected' : 'Not connected');
      state.className = engine.connected ? 'state good' : 'state off';
      say(since, engine.since === null ? '' : `since ${clock(engine.since)}`);
      say(status, engine.lastStatus ?? '–');
      say(packets, count(engine.packets));
      say(refusals, count(engine.refusals));
      refusals.classList.toggle('some', engine.refusals > 0);
      button.disabled = !engine.connected;
      button.setAttribute('aria-label', `Send a job to ${engine.name}`);
      this.#beats.add({ cell: heart, engine });
      this.#showBeat(heart, engine);
    };
  }

  #showBeat(cell, { connected, lastHeartbeat }) {
    if (lastHeartbeat === null) return beat(cell, 'off', connected ? 'none yet' : '–');
    const age = Math.max(0, Math.floor(time() + this.#ahead - lastHeartbeat));
    if (!connected) return beat(cell, 'off', `last ${clock(lastHeartbeat)}`);
    const share = Math.min(1, age / this.#window);
    cell.style.setProperty('--share', share);
    if (share >= CRITICAL) return beat(cell, 'bad', `${span(age)}, overdue`);
    if (share >= LATE) return beat(cell, 'warn', `${span(age)}, late`);
    return beat(cell, 'good', `${span(age)} ago`);
  }
}

function beat(cell, level, text) {
  cell.className = `beat ${level}`;
  say(cell, text);
}

/** Seconds that only ever grow, whatever happens to this machine's clock. */
function time() {
  return performance.now() / 1000;
}

const ORDER = new Intl.Collator('en', { numeric: true });
/** The share of the window after which a heartbeat is late, and after which its engine is about to be let go. */
const LATE = 0.5;
const CRITICAL = 0.8;
/** What the example's engines are asked for; `fail` shows how a job ends that went wrong. */
const JOB_TYPES = ['inspect', 'calibrate', 'fail'];

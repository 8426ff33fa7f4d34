// Jobs for the engines, in turn.

export class Jobs {
  /** `{ jobId, engine }` of each that was sent. */
  sent = [];
  #hub;
  #engines;
  #earlier;

  /** The records up to `earlier` are of another run. */
  constructor(hub, engines, earlier) {
    this.#hub = hub;
    this.#engines = engines;
    this.#earlier = earlier;
  }

  /** Sends one to each engine, and more until `over` holds. Returns when the audit log has the result of each. */
  async sendUntil(over) {
    for (let at = 0; at < this.#engines.length || !over.signal.aborted; at++) {
      await this.#send(this.#engines[at % this.#engines.length], TYPES[at % TYPES.length]);
      if (at >= this.#engines.length - 1) await over.orAfter(EVERY_MS);
    }
    await this.#hub.trail.until('the result of each job', (records) => this.#answered(records.slice(this.#earlier)));
  }

  #answered(records) {
    const done = new Set(records.filter(({ event }) => event === 'JOB_RESULT').map(({ metadata }) => metadata.jobId));
    return this.sent.every(({ jobId }) => done.has(jobId));
  }

  async #send(engine, jobType) {
    const jobId = `job-${this.sent.length + 1}`;
    this.sent.push({ jobId, engine });
    if (!(await this.#hub.sendJob(engine, { jobId, jobType }))) throw new Error(`${engine} is not connected: ${jobId} was not sent`);
  }
}

const TYPES = ['inspect', 'calibrate'];
const EVERY_MS = 2000;

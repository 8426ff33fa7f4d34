// An engine: it says how it is, takes jobs, and answers each. Its configuration, secret and token included, is the first line of standard
// input; it ends with standard input or at SIGTERM. Standard output is one JSON line for each happening, and holds no secret.

import { createInterface } from 'node:readline';
import { Connection } from './connection.mjs';

class Engine {
  #connection;
  #unsent = [];
  #done = 0;

  constructor({ url, ...identity }) {
    const onChange = (happening) => this.#change(happening);
    const onEvent = (event, payload) => this.#event(event, payload);
    this.#connection = new Connection({ identity, url, onEvent, onChange });
  }

  run() {
    this.#connection.open();
    setInterval(() => this.#status('IDLE'), STATUS_EVERY_MS);
  }

  stop() {
    this.#connection.close();
    log({ event: 'stopped' });
    process.exit();
  }

  #change(happening) {
    log(happening);
    if (happening.event !== 'connected') return;
    this.#status('IDLE', { receipt: true });
    for (const result of this.#unsent.splice(0)) this.#answer(result);
  }

  #event(event, payload) {
    if (event === 'job') this.#job(payload);
    else log({ event, ...payload });
  }

  #job({ jobId, jobType, ...input }) {
    log({ event: 'job', jobId, jobType });
    this.#status('BUSY', { jobId });
    const result = work(jobType, input);
    this.#done += 1;
    this.#answer({ jobId, ...result });
    this.#status('IDLE');
  }

  /** A packet is worth nothing in another session: what could not be sent is kept unsigned. */
  #answer(result) {
    const sent = this.#connection.send('job_result', result) !== undefined;
    if (!sent) this.#unsent.push(result);
    log({ event: 'job_result', ...result, sent });
  }

  #status(status, more = {}) {
    const nonce = this.#connection.send('engine_status', { status, jobsDone: this.#done, ...more });
    if (nonce !== undefined) log({ event: 'engine_status', status, nonce });
  }
}

/** Yours goes here; long work belongs in a worker, or heartbeats will be missed. This one is quick, and fails at `fail` alone. */
function work(jobType) {
  return jobType === 'fail' ? { ok: false, error: 'it was asked to fail' } : { ok: true };
}

function log(happening) {
  process.stdout.write(JSON.stringify(happening) + '\n');
}

function read(line) {
  try {
    return JSON.parse(line);
  } catch {
    // The fault that JSON.parse describes would quote the line, and the line holds a secret.
    console.error('the first line of standard input must be the configuration, as JSON');
    process.exit(2);
  }
}

const STATUS_EVERY_MS = 2000;

let engine;
for await (const line of createInterface({ input: process.stdin })) {
  if (engine !== undefined) continue;
  engine = new Engine(read(line));
  process.once('SIGTERM', () => engine.stop());
  engine.run();
}
engine?.stop();

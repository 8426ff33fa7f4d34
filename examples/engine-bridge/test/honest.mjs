// An honest engine: connected before an attack, it must be served after it, on the same connection.

import assert from 'node:assert/strict';
import { Key, Keyring, Session } from 'counterseal';
import { io } from 'socket.io-client';
import { Heard } from './heard.mjs';

export class Honest {
  /** The nonces of its statuses, and the ids of the jobs that it did. */
  sent = { statuses: new Set(), jobs: new Set() };
  #hub;
  #session;
  #socket;
  #heard = new Heard();
  #timer;

  /** Connects it to the hub, and waits until it has been served once. */
  static async connect(t, hub, name) {
    const honest = new Honest(hub, await hub.provision(name));
    t.after(() => honest.#leave());
    await honest.#happens('welcome');
    await honest.served();
    return honest;
  }

  constructor(hub, identity) {
    const { name, key_id: id, secret, server, token, url } = identity;
    this.identity = identity;
    this.name = name;
    this.#hub = hub;
    const keyring = new Keyring([new Key(server, { secret, owner: server })]);
    // It heeds any window that a hub of these suites has.
    this.#session = Session.client(new Key(id, { secret, owner: name }), { server, keyring, heartbeatEvery: 1 });
    this.#socket = io(`${url}/engine`, { auth: this.#session.handshake(token), transports: ['websocket'], forceNew: true, reconnection: false });
    this.#socket.onAny((event, packet) => this.#take(event, packet));
    this.#socket.on('disconnect', (reason) => this.#heard.add({ event: 'disconnect', reason }));
  }

  /** Its status is received, a job reaches it, and the job's result arrives: all on the connection that it had from the start. */
  async served() {
    const { nonce } = this.#send('engine_status', { status: 'IDLE', receipt: true });
    this.sent.statuses.add(nonce);
    await this.#happens('received', ({ payload }) => payload.nonce === nonce);
    const jobId = `job-${this.sent.jobs.size + 1}-of-${this.name}`;
    this.sent.jobs.add(jobId);
    assert.equal(await this.#hub.sendJob(this.name, { jobId, jobType: 'render' }), true);
    await this.#happens('job', ({ payload }) => payload.jobId === jobId);
    this.#send('job_result', { jobId, ok: true });
    const result = ({ event, user_id: user, metadata }) => event === 'JOB_RESULT' && user === this.name && metadata.jobId === jobId;
    await this.#hub.trail.seen(`the result of ${jobId}`, result);
    assert.deepEqual(this.#heard.all.filter(({ event }) => event === 'disconnect' || event === 'refused'), [], 'an honest engine was disconnected');
  }

  #send(event, payload) {
    const packet = this.#session.sign(event, payload);
    this.#socket.emit(event, packet);
    return packet;
  }

  /** Whatever its session does not verify fails the test: it throws where nobody catches. */
  #take(event, packet) {
    if (event === 'refused') return this.#heard.add({ event, packet });
    const verified = event === 'welcome' ? this.#session.establish(packet) : this.#session.verify(event, packet);
    this.#schedule();
    this.#heard.add({ event, payload: verified?.payload });
  }

  #happens(event, wanted = () => true) {
    return this.#heard.first(`${event} for ${this.name}`, (happening) => happening.event === event && wanted(happening));
  }

  #schedule() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#session.poll()) this.#socket.emit('heartbeat', this.#session.heartbeat());
      this.#schedule();
    }, Math.max(this.#session.deadline * 1000 - Date.now(), 0));
  }

  #leave() {
    clearTimeout(this.#timer);
    this.#session.close();
    this.#socket.disconnect();
  }
}

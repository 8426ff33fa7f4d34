// Where an attack happens: a hub, an honest engine that is connected to it, and the three proofs that the attack has failed.

import assert from 'node:assert/strict';
import { Secret } from 'counterseal';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Attacker } from './attacker.mjs';
import { Honest } from './honest.mjs';
import { startServer, temporaryFolder } from './server.mjs';

/** The engine that went over to the other side. */
export const ROGUE = 'engine-13';

export const UNAUTHORIZED = { class: 'unauthorized', status: 401 };
export const TOO_LARGE = { class: 'too_large', status: 413 };
/** For a packet's age alone: its signature was good. The value stands for the hub's clock. */
export const UNTIMELY = { ...UNAUTHORIZED, now: true };

/** What the audit log has of an attacker's genuine packet, if that is the first of its connection. */
export const PROVED = ['ENGINE_CONNECTED', 'ENGINE_STATUS'];

export class Scene {
  /** What the audit log may say that it accepted of anyone but the honest engine. */
  #accepted = [];
  /** How much of the audit log is of an earlier start of the hub. */
  #base = 0;
  /** How much of it is of earlier attacks. */
  #from = 0;

  /** Starts a hub with `setup`, and an honest engine. */
  static async open(t, setup = {}) {
    const scene = new Scene();
    scene.t = t;
    scene.state = setup.state ?? (await temporaryFolder(t));
    scene.hub = await startServer(t, { ...setup, state: scene.state });
    scene.#base = (await scene.hub.trail.records()).findLastIndex(({ event }) => event === 'SERVER_STARTED');
    scene.#from = scene.#base;
    scene.honest = await Honest.connect(t, scene.hub, 'engine-1');
    return scene;
  }

  /** All that the engine of that name needs to connect. */
  identity(name = ROGUE) {
    return this.hub.provision(name);
  }

  /** A secret of the hub's own, which no attacker has: for tokens that are as the hub would sign them, but for one thing. */
  async secret(name) {
    return new Secret((await readFile(join(this.state, `${name}.secret`), 'utf8')).trim());
  }

  /** Another connection: see Attacker. */
  async attacker(options, identity) {
    return new Attacker(this.t, identity ?? (await this.identity()), options);
  }

  /**
   * An attack came to nothing: its connection ended and was `told` its class alone, the audit log has the `code`, in a record `event` of `user`,
   * and the honest engine is served. `accepted` are the events of the audit log that the attacker's genuine packets made, none by default.
   */
  async foiled(attacker, { code, event = 'PACKET_REJECTED', user = ROGUE, ...expected }) {
    await this.#ended(attacker, expected);
    await this.recorded({ code, event, user });
    await this.unharmed();
  }

  /** As `foiled`, of attacks made at once: pairs of an attacker and what is expected of it. */
  async foiledAll(attacks) {
    for (const [attacker, expected] of attacks) await this.#ended(attacker, expected);
    const taken = new Set();
    for (const [, { code, event = 'PACKET_REJECTED', user = ROGUE }] of attacks) {
      // Where nobody is known, the code alone tells one attack's record from another's.
      const is = (record) => record.event === event && record.user_id === user && (user !== null || record.metadata.code === code);
      const wanted = (record) => is(record) && !taken.has(record.seq);
      const record = await this.hub.trail.seen(`${event} of ${user} with ${code}`, wanted, this.#from);
      assert.deepEqual([record.metadata.code, record.success], [code, false], JSON.stringify(record));
      taken.add(record.seq);
    }
    this.#from = Math.max(...taken);
    await this.unharmed();
  }

  /** The next record `event` has that code and user, and says that nothing was done. Returns it. */
  async recorded({ code, event, user }) {
    const record = await this.hub.trail.seen(`${event} with ${code}`, (record) => record.event === event, this.#from);
    assert.deepEqual([record.metadata.code, record.user_id, record.success], [code, user, false], JSON.stringify(record));
    this.#from = record.seq;
    return record;
  }

  async #ended(attacker, { told = [['refused', UNAUTHORIZED]], accepted = [] }) {
    await attacker.ended();
    assertTold(attacker.told(), told);
    this.#accepted.push(...accepted);
  }

  /** The honest engine is served, and nothing was accepted that nobody sent; `accepted` as in `foiled`. */
  async unharmed(accepted = []) {
    this.#accepted.push(...accepted);
    await this.honest.served();
    const all = await this.hub.trail.records();
    const records = all.slice(this.#base).filter(({ success, event }) => success && ACCEPTED.includes(event));
    const { name, sent } = this.honest;
    const others = records.filter(({ user_id: user }) => user !== name && user !== 'hub');
    assert.deepEqual(others.map(({ event }) => event).sort(), [...this.#accepted].sort());
    for (const { event, user_id: user, metadata } of records) {
      if (user !== name) continue;
      if (event === 'ENGINE_STATUS') assert.ok(sent.statuses.has(metadata.nonce), `a status that ${name} did not send was accepted`);
      if (event === 'JOB_RESULT') assert.ok(sent.jobs.has(metadata.jobId), `a result that ${name} did not send was accepted`);
    }
  }
}

/** Exactly that, with the hub's clock where it is expected. */
export function assertTold(told, expected) {
  const now = Math.floor(Date.now() / 1000);
  const shown = told.map(([event, ...parts]) => [event, ...parts.map((part) => (Math.abs(part?.now - now) <= 5 ? { ...part, now: true } : part))]);
  assert.deepEqual(shown, expected);
}

const ACCEPTED = ['ENGINE_CONNECTED', 'DASHBOARD_CONNECTED', 'HEARTBEAT', 'ENGINE_STATUS', 'TELEMETRY', 'JOB_RESULT', 'JOB_SENT', 'PACKET_IGNORED'];

// The audit log's records, as far as the soak asks.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Reads the log's files, oldest first. */
export async function readRecords(files) {
  const records = new Records();
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file) })) records.add(JSON.parse(line));
  }
  return records;
}

export class Records {
  count = 0;
  /** `{ engine, status, nonce }` of each status that was accepted. */
  statuses = [];
  /** `{ engine, session }` of each connection that proved itself. */
  sessions = [];
  /** Packets of other events, heartbeats but for, that were accepted: nobody sends any. */
  others = [];
  /** `{ event, user, code }` of each refusal. */
  refusals = [];
  /** Whose connection ended since a heartbeat or a handshake did not come, once for each time. */
  missed = [];
  /** Whose connection ended for another code. */
  ended = [];
  /** Packets that were verified, by the second. */
  verified = new Map();

  add({ timestamp, event, user_id: engine, success, metadata }) {
    this.count += 1;
    // A disconnect for a code repeats what was refused.
    if (!success && event !== 'ENGINE_DISCONNECTED') this.refusals.push({ event, user: engine, code: metadata.code });
    if (event === 'ENGINE_STATUS') this.statuses.push({ engine, status: metadata.status, nonce: metadata.nonce });
    if (event === 'ENGINE_CONNECTED') this.sessions.push({ engine, session: metadata.session });
    if (event === 'TELEMETRY' || event === 'JOB_RESULT') this.others.push({ event, engine });
    if (event === 'ENGINE_DISCONNECTED' && metadata.code !== undefined) this[metadata.code === 'heartbeat_missed' ? 'missed' : 'ended'].push(engine);
    if (event === 'ENGINE_STATUS' || event === 'HEARTBEAT') {
      const second = Date.parse(timestamp) / 1000;
      this.verified.set(second, (this.verified.get(second) ?? 0) + 1);
    }
  }
}

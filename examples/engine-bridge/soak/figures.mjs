// The figures of a soak, from what was measured and what is known.

import { cpus } from 'node:os';
import { forged, refused } from './check.mjs';

/** All that is reported, ready for JSON. `memoryPerEngine` is what the server has more than without any, divided; see README.md. */
export function figures({ engines, seconds }, { window, usage, about, every, unanswered }, { ledger, records, trail, cast }) {
  const measured = [...ledger.receipts.values()].filter(({ group }) => group !== 'tapped').map(({ microseconds }) => microseconds);
  return {
    machine: { cores: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version, server: about },
    asked: { engines, seconds, statusEveryMs: every },
    engines: { ...connections(ledger, cast), cuts: ledger.cuts, processesKilled: ledger.kills },
    sent: { statuses: sent(ledger, cast), receipts: ledger.receipts.size, lost: ledger.lost.size, genuineRefused: refused(ledger, records, cast).length },
    slow: { heartbeatsMissedByServer: records.missed.filter((engine) => cast.engines.includes(engine)).length, endings: Object.fromEntries(ledger.endings) },
    verified: verified(records, window),
    roundTripMs: percentiles(measured),
    server: { ...memory(usage, engines), processorSeconds: usage.processor },
    forger: { tried: cast.tried, refusals: byCode(records.refusals), accepted: forged(ledger, records).length, unanswered },
    trail: { records: trail.genuine.records, head: trail.genuine.head, bytes: trail.size, files: trail.files.length, verifies: trail.genuine.fault === undefined, tampered: trail.tampered },
  };
}

function connections(ledger, { forgers }) {
  const genuine = [...ledger.sessions.values()].filter((engine) => !forgers.includes(engine));
  return { connected: new Set(genuine).size, connections: genuine.length };
}

function sent(ledger, { forgers }) {
  return [...ledger.sent.values()].filter((engine) => !forgers.includes(engine)).length;
}

/** By the audit log, in the whole seconds in which all were at work. */
function verified(records, { from, until }) {
  let packets = 0;
  for (let second = from; second < until; second++) packets += records.verified.get(second) ?? 0;
  const seconds = Math.max(until - from, 1);
  return { packets, seconds, perSecond: Math.round(packets / seconds) };
}

/** From the sending of a status to its verified receipt, in milliseconds. */
export function percentiles(microseconds) {
  const sorted = microseconds.toSorted((a, b) => a - b);
  const at = (part) => (sorted[Math.max(Math.ceil(sorted.length * part) - 1, 0)] ?? 0) / 1000;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

function memory({ empty, connected, worked, left }, engines) {
  const each = ({ memory }) => (memory === undefined ? undefined : Math.round((memory - empty.memory) / engines));
  return {
    memory: { empty: empty.memory, connected: connected.memory, worked: worked.memory, left: left.memory },
    memoryPerEngine: { connected: each(connected), worked: each(worked) },
  };
}

function byCode(refusals) {
  const counts = {};
  for (const { event, code } of refusals) counts[`${event} ${code}`] = (counts[`${event} ${code}`] ?? 0) + 1;
  return counts;
}

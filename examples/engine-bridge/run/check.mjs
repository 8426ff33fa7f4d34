// Holds what happened against what must happen. Pure: results in, faults out; none if all is as it must be.

/** What each attack must come to: the code in the audit log, and what the server tells. */
export const EXPECTED = {
  replayed: { title: 'a packet sent twice', code: 'replayed', told: { class: 'unauthorized', status: 401 } },
  forged: { title: 'a payload changed after signing', code: 'bad_signature', told: { class: 'unauthorized', status: 401 } },
  // The signature was good: the server's clock may be told, so that an honest engine can mend its own.
  stale: { title: 'a packet signed two minutes ago', code: 'expired', told: { class: 'unauthorized', status: 401, now: true } },
};

/**
 * `engines` and `attacker` are names; `happenings` what each engine logged; `sent` the jobs' ids; `told` what the attacker was told; `records`
 * the audit log's; `trail` what its verification came to; `leaked` where a secret was found.
 */
export function check({ engines, attacker, happenings, sent, told, records, trail, leaked }) {
  return [
    ...engines.flatMap((name) => engineFaults(name, happenings[name], records)),
    ...sent.flatMap((job) => jobFaults(job, records)),
    ...refusals({ attacker, told, records }).flatMap(({ faults }) => faults),
    ...refusedGenuine(engines, attacker, records),
    ...trailFaults(trail),
    ...leaked.map((where) => `a secret stands in ${where}`),
  ];
}

/** The attacks, each with what the peer was told, the code that the audit log has, and its faults. */
export function refusals({ attacker, told, records }) {
  const rejected = records.filter(({ event, user_id: user }) => event === 'PACKET_REJECTED' && user === attacker);
  const rows = Object.entries(EXPECTED).map(([name, due], at) => {
    const code = rejected[at]?.metadata.code;
    const faults = [];
    if (code !== due.code) faults.push(`${due.title}: the audit log has ${code ?? 'nothing'} instead of ${due.code}`);
    if (!isTold(told[name], due.told)) faults.push(`${due.title}: the peer was told ${JSON.stringify(told[name])}`);
    return { name, title: due.title, told: told[name], code, faults };
  });
  if (rejected.length !== rows.length) rows.at(-1).faults.push(`${rejected.length} packets of ${attacker} were refused instead of ${rows.length}`);
  return rows;
}

function isTold(told, due) {
  const now = typeof told?.now === 'number';
  return told?.class === due.class && told.status === due.status && now === (due.now ?? false) && Object.keys(told).length === (now ? 3 : 2);
}

function engineFaults(name, happenings, records) {
  const faults = [];
  const count = (event) => happenings.filter((happening) => happening.event === event).length;
  // A session ends with its token; the engine comes back with the next.
  const expired = records.filter(({ event, user_id: user, metadata }) => event === 'ENGINE_DISCONNECTED' && user === name && metadata.code === 'token_expired').length;
  if (count('connected') !== 1 + expired) faults.push(`${name} connected ${count('connected')} times instead of ${1 + expired}`);
  if (count('disconnected') !== expired) {
    const whys = happenings.filter(({ event }) => event === 'disconnected').map(({ code, reason }) => code ?? reason);
    faults.push(`${name} was disconnected ${whys.length} times instead of ${expired}: ${whys.join(', ')}`);
  }
  if (!happenings.some(({ event }) => event === 'received')) faults.push(`${name} had no receipt of its status`);
  if (happenings.at(-1)?.event !== 'stopped') faults.push(`${name} did not stop by itself`);
  for (const event of ['ENGINE_CONNECTED', 'HEARTBEAT', 'ENGINE_STATUS', 'ENGINE_DISCONNECTED']) {
    if (!records.some((record) => record.event === event && record.user_id === name)) faults.push(`the audit log has no ${event} of ${name}`);
  }
  return faults;
}

function jobFaults({ jobId, engine }, records) {
  const results = records.filter(({ event, metadata }) => event === 'JOB_RESULT' && metadata.jobId === jobId);
  if (results.length !== 1) return [`${jobId} of ${engine} has ${results.length} results`];
  const [{ user_id: user, metadata }] = results;
  return user === engine && metadata.ok === true ? [] : [`${jobId} of ${engine} came to ${JSON.stringify(metadata)} of ${user}`];
}

/** What an operator mistypes on the dashboard is refused too, and is no fault. */
function refusedGenuine(engines, attacker, records) {
  const stranger = ({ event, user_id: user, resource }) => event === 'AUTH_FAILED' && resource === '/engine' && user !== attacker;
  return records
    .filter((record) => record.success === false && (engines.includes(record.user_id) || stranger(record)))
    .map(({ event, user_id: user, metadata }) => `a genuine message of ${user} was refused: ${event} ${metadata.code}`);
}

function trailFaults({ genuine, tampered }) {
  const faults = genuine.fault === undefined ? [] : [`the audit log does not verify: line ${genuine.fault.line} is ${genuine.fault.reason}`];
  for (const [how, { fault }] of Object.entries(tampered)) if (fault === undefined) faults.push(`a copy of the audit log in which a refusal was ${how} verifies`);
  return faults;
}

// Holds what the engines say against what the audit log says. Pure: evidence in, faults out; none if all is as it must be. No fault is made of
// time: who was slow is told of, not blamed.

/**
 * `ledger` is what all processes say; `records` what the audit log says; `trail` what its verification came to; `cast` who is who: all `engines`,
 * the `tapped` ones of them, whose tokens the `forgers` use, and what these `tried`.
 */
export function check({ ledger, records, trail, cast }) {
  return [...forged(ledger, records), ...refused(ledger, records, cast), ...missing(ledger, records, cast), ...trailFaults(trail)];
}

/** What was accepted, and nobody sent. */
export function forged(ledger, records) {
  const seen = new Set();
  const statuses = records.statuses.filter(({ engine, status }) => {
    const isFirst = !seen.has(status);
    seen.add(status);
    return !isFirst || ledger.sent.get(status) !== engine;
  });
  // Whatever is accepted first on a connection, a heartbeat too, proves it.
  const sessions = records.sessions.filter(({ engine, session }) => ledger.sessions.get(session) !== engine);
  return [
    ...statuses.map(({ engine }) => `a status of ${engine} was accepted that it did not send, or twice`),
    ...sessions.map(({ engine }) => `a connection of ${engine} was believed that it did not open`),
    ...records.others.map(({ event, engine }) => `a packet of ${engine} was accepted, ${event}, and nobody sent one`),
  ];
}

/** What was genuine, and was refused. Under the names of the tapped engines forgers are refused too: of these, what counts is what they were told. */
export function refused(ledger, records, { engines, tapped }) {
  const counts = new Set(engines.filter((engine) => !tapped.includes(engine)));
  const recorded = records.refusals.filter(({ user, code }) => counts.has(user) && code !== 'heartbeat_missed');
  const told = tapped.filter((engine) => times(ledger.refused, engine) > times(records.missed, engine));
  const ended = records.ended.filter((engine) => counts.has(engine));
  const here = ledger.refusedHere.filter(({ code }) => code !== 'heartbeat_missed');
  return [
    ...recorded.map(({ event, user, code }) => `a genuine message of ${user} was refused: ${event}, ${code}`),
    ...ended.filter((engine) => !recorded.some(({ user }) => user === engine)).map((engine) => `a connection of ${engine} was ended for a refusal`),
    ...told.map((engine) => `${engine} was told that it is refused`),
    ...here.map(({ engine, code }) => `${engine} refused what the server sent: ${code}`),
  ];
}

/** What has no line in the audit log. */
export function missing(ledger, records, { forgers, tried }) {
  const accepted = new Map(records.statuses.map(({ status, nonce }) => [status, nonce]));
  const unrecorded = [...ledger.receipts].filter(([status, { nonce }]) => accepted.get(status) !== nonce);
  const vanished = [...ledger.sent].filter(([status, engine]) => !accepted.has(status) && !ledger.lost.has(status) && !forgers.includes(engine));
  const turnedAway = Object.values(tried).reduce((sum, { refused }) => sum + refused, 0);
  return [
    ...unrecorded.map(([, { engine }]) => `a status of ${engine} was receipted and is not in the audit log`),
    ...vanished.map(([, engine]) => `a status of ${engine} arrived nowhere, though its connection lived`),
    ...(records.refusals.length < turnedAway ? [`the forger was turned away ${turnedAway} times, and the audit log has ${records.refusals.length} refusals`] : []),
  ];
}

function trailFaults({ genuine, tampered }) {
  const faults = genuine.fault === undefined && genuine.tornBytes === 0 ? [] : [`the audit log does not verify: ${JSON.stringify(genuine)}`];
  for (const [how, { fault }] of Object.entries(tampered)) if (fault === undefined) faults.push(`a copy of the audit log with ${how} verifies`);
  return faults;
}

function times(list, item) {
  return list.filter((other) => other === item).length;
}

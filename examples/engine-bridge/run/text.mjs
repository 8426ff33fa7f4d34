// What the launcher says at its end.

/** The summary: who worked, what was refused, what the audit log is worth. */
export function summary({ engines, happenings, sent, rows, records, trail, faults }) {
  return [
    '\nEngines',
    table(engines.map(({ name, language }) => [name, language, `statuses: ${count(happenings[name], 'engine_status')}`, `jobs: ${count(happenings[name], 'job')}`])),
    `\nJobs sent: ${sent.length}, each answered by a signed result`,
    '\nRefused: what the peer was told, and what the audit log knows',
    table(rows.map(({ title, told, code }) => [title, JSON.stringify(told), String(code)])),
    `\nAudit log: ${records.length} records of this run, ${trail.genuine.records} in the file`,
    table([['as written', 'verifies'], ...Object.entries(trail.tampered).map(([how, { fault }]) => [how, shown(fault)])]),
    `\n${verdict(faults)}`,
    ...faults.map((fault) => `  ✗ ${fault}`),
  ].join('\n');
}

/** One happening of an engine as a sentence; nothing for those that come all the time. */
export function happening({ event, ...what }) {
  const texts = {
    connected: () => `connected to ${what.server}`,
    disconnected: () => `disconnected (${what.code ?? what.reason}), tries again in ${what.retry_in} s`,
    refused: () => `refused: ${what.class}, ${what.status}`,
    job: () => `takes ${what.jobId}, ${what.jobType}`,
    job_result: () => `${what.jobId} is ${what.ok ? 'done' : 'failed'}`,
    stopped: () => 'has stopped',
  };
  return texts[event]?.();
}

function verdict(faults) {
  if (faults.length > 0) return `NOT as it must be: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  return 'All as it must be: every genuine packet verified, every hostile one refused, and the audit log tells the difference.';
}

function count(happenings, event) {
  return happenings.filter((happening) => happening.event === event).length;
}

function shown(fault) {
  return fault === undefined ? 'VERIFIES' : `does not verify: line ${fault.line} is ${fault.reason}`;
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => '  ' + row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}

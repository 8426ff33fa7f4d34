// What the soak says at its end.

/** The figures as a table, and the verdict. */
export function report(figures) {
  return [
    `\nThe soak: ${figures.asked.engines} engines, ${figures.asked.seconds} s, on ${figures.machine.cores} cores (${figures.machine.model})`,
    table(rows(figures)),
    '\nWhat the forger tried, a connection each',
    table([['', 'tried', 'refused', 'told so'], ...Object.entries(figures.forger.tried).map(([name, { tried, refused, told }]) => [name, `${tried}`, `${refused}`, `${told}`])]),
    '\nRefusals in the audit log',
    table(Object.entries(figures.forger.refusals).map(([code, count]) => [code, `${count}`])),
    `\n${verdict(figures.faults)}`,
    ...figures.faults.slice(0, FAULTS_SHOWN).map((fault) => `  ✗ ${fault}`),
  ].join('\n');
}

function rows({ engines, sent, slow, verified, roundTripMs: time, server, forger, trail }) {
  const { memory, memoryPerEngine: each } = server;
  return [
    ['engines connected', `${engines.connected}`, `${engines.connections} connections: ${engines.cuts} were cut, ${engines.processesKilled} processes killed`],
    ['verified packets a second', `${verified.perSecond}`, `${verified.packets} in ${verified.seconds} s, by the audit log`],
    ['status to verified receipt', `p50 ${ms(time.p50)}`, `p99 ${ms(time.p99)}, longest ${ms(time.max)}, of ${time.count}`],
    ['server’s memory an engine', bytes(each.connected), `connected; ${bytes(each.worked)} after the work (${bytes(memory.empty)} empty, ${bytes(memory.connected)}, ${bytes(memory.worked)}; ${bytes(memory.left)} once all had left)`],
    ['server’s processor time', server.processorSeconds === undefined ? 'not told here' : `${server.processorSeconds.toFixed(1)} s`, 'while all were at work'],
    ['statuses sent', `${sent.statuses}`, `${sent.receipts} receipts verified, ${sent.lost} lost with their connection`],
    ['genuine refused', `${sent.genuineRefused}`, `${slow.heartbeatsMissedByServer} ended for a missed heartbeat: a slow machine`],
    ['forged accepted', `${forger.accepted}`, `of ${total(forger.tried)} attempts${unanswered(forger.unanswered)}`],
    ['audit log', trail.verifies ? 'verifies' : 'DOES NOT VERIFY', `${trail.records} records, ${bytes(trail.bytes)}, ${trail.files} files, head ${trail.head.slice(0, 24)}…`],
    ...Object.entries(trail.tampered).map(([how, { fault }]) => [`  with ${how}`, fault === undefined ? 'VERIFIES' : 'does not', fault === undefined ? '' : `line ${fault.line}, ${fault.reason}`]),
  ];
}

function unanswered(faults) {
  const count = Object.values(faults).reduce((sum, times) => sum + times, 0);
  return count === 0 ? '' : `, ${count} of which came to nothing: ${Object.keys(faults).slice(0, 3).join('; ')}`;
}

function verdict(faults) {
  if (faults.length > 0) return `NOT as it must be: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  return 'All as it must be: no genuine packet was refused, no forged one accepted, and the audit log knows of each.';
}

function total(tried) {
  return Object.values(tried).reduce((sum, { tried }) => sum + tried, 0);
}

function ms(time) {
  return `${time.toFixed(time < 10 ? 2 : 0)} ms`;
}

function bytes(count) {
  if (count === undefined) return 'not told here';
  return count < 1 << 20 ? `${Math.round(count / 1024)} KiB` : `${(count / (1 << 20)).toFixed(1)} MiB`;
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => '  ' + row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}

const FAULTS_SHOWN = 20;

// The report as text.

export function textReport({ source, payloads, refusedLines, report }) {
  const sections = [
    `Payloads: ${payloads} from ${source}`,
    ...refusedLines.map(({ line, why }) => `  line ${line} refused: ${why}`),
    '\nWho took part',
    table(report.runtimes.map((one) => [one.party.title, one.party.name, engineOf(one), one.runtime ?? '?'])),
    '\nPackets verified: signer in the row, verifier in the column',
    table(matrixRows(report.matrix)),
    '\nAttacks: the code is from the server’s log, the peer learns class and status only',
    table(refusalRows(report.refusals)),
    ...putOff(report.putOff),
    `\n${verdict(report)}`,
    ...report.faults.map((fault) => `  ✗ ${fault}`),
  ];
  return sections.join('\n');
}

/** One sentence for the whole run. */
export function verdict({ faults, refusals }) {
  if (faults.length > 0) return `NOT as it must be: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  const attempts = refusals.flatMap(({ cells }) => cells.flatMap(({ outcomes }) => outcomes)).length;
  return `All as it must be: every packet verified, all ${attempts} attacks refused with the code that they must meet.`;
}

/** What the SDK runs on: the file of the addon, where there is one. */
export function engineOf({ engine, addon }) {
  return addon === undefined ? (engine ?? '?') : `${engine}, ${addon}`;
}

function matrixRows(matrix) {
  const head = ['', ...matrix.map(({ signer }) => signer.language)];
  return [head, ...matrix.map(({ signer, cells }) => [signer.language, ...cells.map(({ count }) => String(count))])];
}

function refusalRows(refusals) {
  const head = ['attack', 'code', 'status', ...(refusals[0]?.cells ?? []).map(({ name }) => name)];
  return [head, ...refusals.map((row) => [row.title, row.code, String(row.status), ...row.cells.map(outcomesText)])];
}

function outcomesText({ outcomes }) {
  return outcomes.map(({ transport, ok }) => `${transport} ${ok ? '✓' : '✗'}`).join(' ');
}

function putOff(count) {
  return count === 0 ? [] : [`\nPut off, as after every start of a replay guard (replay_guard_starting, 503): ${count} requests for a token`];
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => '  ' + row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}

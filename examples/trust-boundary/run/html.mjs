// The report as one self-contained page: no script, nothing loaded.

import { readFileSync } from 'node:fs';
import { engineOf, verdict } from './text.mjs';

export function htmlReport({ source, payloads, refusedLines, report, when }) {
  const bad = report.faults.length > 0;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Counterseal: the trust boundary</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<p class="kicker">Counterseal · trust boundary</p>
<h1>${bad ? 'Something is not as it must be' : 'Every packet verified, every attack refused'}</h1>
<p class="verdict ${bad ? 'bad' : 'good'}">${text(verdict(report))}</p>
${list('faults', report.faults)}
<p class="meta">${payloads} payloads from ${text(source)} · ${text(when)}</p>
</header>

<section>
<h2>What you see</h2>
<p>A Rust server, a Python service, a Node engine and a page in a real browser ran on this machine. Each asked for a token with a signed packet, connected over HTTP
and over WebSocket, and exchanged every payload with the server and with each other. Then each of the three clients attacked the server in every way listed below.</p>
<p>Every two of them share a secret that nobody else has. The server carries the packets between its clients and can forge none of them.</p>
${refusedLinesPart(refusedLines)}
</section>

<section>
<h2>Who took part</h2>
<div class="wide"><table class="rows">
<thead><tr><th>Party</th><th>Name</th><th>SDK runs as</th><th>Runtime</th></tr></thead>
<tbody>${report.runtimes.map(runtimeRow).join('\n')}</tbody>
</table></div>
</section>

<section>
<h2>Who verified whom</h2>
<p>Packets accepted, as the verifier counted them. The signer stands on the left, the verifier above.</p>
<div class="wide"><table class="matrix">
<thead><tr><td></td>${report.matrix.map(({ signer }) => `<th scope="col">${text(signer.language)}</th>`).join('')}</tr></thead>
<tbody>${report.matrix.map((row) => matrixRow(row, payloads)).join('\n')}</tbody>
</table></div>
<p class="note">With the server, over HTTP and over WebSocket. Between clients, and from a client to itself, relayed by the server and signed end to end. Rust to Rust, inside the server.
Each verified payload was compared with the one sent, byte for byte in its canonical form.</p>
</section>

<section>
<h2>What was refused</h2>
<p>Each attack must meet the code shown, which is taken from the server’s audit log; the attacker learns the class and the status, no more. After each attack a genuine
packet goes the same way, and must pass.</p>
<div class="wide"><table class="rows refusals">
<thead><tr><th>Attack</th><th>Code</th><th>Peer learns</th>${clientHeads(report.refusals)}</tr></thead>
<tbody>${report.refusals.map(refusalRow).join('\n')}</tbody>
</table></div>
${putOffPart(report.putOff)}
</section>
</main>
</body>
</html>
`;
}

function runtimeRow(one) {
  const cells = { Name: one.party.name, 'SDK runs as': engineOf(one), Runtime: one.runtime ?? '?' };
  const rest = Object.entries(cells).map(([label, cell]) => `<td data-label="${label}">${text(cell)}</td>`);
  return `<tr><th scope="row">${text(one.party.title)}</th>${rest.join('')}</tr>`;
}

function matrixRow({ signer, cells }, payloads) {
  return `<tr><th scope="row">${text(signer.language)}</th>${cells.map((cell) => matrixCell(cell, payloads)).join('')}</tr>`;
}

function matrixCell({ count, ways }, payloads) {
  const whole = count > 0 && Object.values(ways).every((way) => way === payloads);
  const how = Object.entries(ways).map(([way, number]) => `${number} ${WAYS[way] ?? way}`).join(' + ');
  return `<td class="${whole ? 'good' : 'bad'}"><strong>${count}</strong><small>${text(how)}</small></td>`;
}

function clientHeads(refusals) {
  return (refusals[0]?.cells ?? []).map(({ name }) => `<th>${text(name)}</th>`).join('');
}

function refusalRow({ title, how, code, status, class: klass, cells }) {
  return `<tr><th scope="row">${text(title)}<small>${text(how)}</small></th><td data-label="Code"><code>${text(code)}</code></td><td class="learns" data-label="Peer learns">${status} ${text(klass)}</td>${cells.map(outcomesCell).join('')}</tr>`;
}

function outcomesCell({ name, outcomes }) {
  const marks = outcomes.map(({ transport, ok, wrong }) =>
    `<span class="mark ${ok ? 'good' : 'bad'}"${wrong ? ` title="${text(wrong)}"` : ''}>${ok ? '✓' : '✗'} ${text(transport === 'ws' ? 'WS' : 'HTTP')}</span>`);
  return `<td class="marks" data-label="${text(name)}">${marks.join(' ')}</td>`;
}

function refusedLinesPart(lines) {
  if (lines.length === 0) return '';
  return `<p>Not every line of the file was a payload. These were refused before anything was signed:</p>${list('lines', lines.map(({ line, why }) => `line ${line}: ${why}`))}`;
}

function putOffPart(count) {
  if (count === 0) return '';
  return `<p class="note">Besides, ${count} ${count === 1 ? 'request' : 'requests'} for a token came while the server’s replay guard was starting, and had to come again (<code>replay_guard_starting</code>, 503): a guard that
has just begun cannot know what was accepted before it, so it refuses whatever was signed until then.</p>`;
}

function list(kind, items) {
  return items.length === 0 ? '' : `<ul class="${kind}">${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;
}

function text(value) {
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const WAYS = { http: 'HTTP', ws: 'WS', relayed: 'relayed', process: 'in process' };
const STYLE = readFileSync(new URL('report.css', import.meta.url), 'utf8');

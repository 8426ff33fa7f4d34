// Holds what happened against what must happen. Pure: results in, report out; `faults` is empty if all is as it must be.

/**
 * `results`: `payloads` (how many), `hub` (its about), `audit` (the server's lines), `clients` (name to `about`, `exchange`, `mesh` and
 * `attempts`), `leaked` (names of programs that wrote a secret). `expected` and `errors` say what each attack must meet with.
 */
export function check({ parties, results, expected, errors }) {
  const [hub, ...clients] = parties;
  const faults = results.leaked.map((name) => `${name} wrote a secret to its output`);
  const audit = auditIndex(results.audit);
  const matrix = parties.map((signer) => ({
    signer,
    cells: parties.map((verifier) => cell({ hub, signer, verifier, results, audit }, faults)),
  }));
  const refusals = expected.map((row) => refusal({ row, clients, results, audit, errors }, faults));
  checkNothingElse({ clients, results, expected, audit }, faults);
  const runtimes = parties.map((party) => runtime(party, hub, results, faults));
  return { matrix, refusals, runtimes, putOff: audit.putOff.length, faults };
}

function auditIndex(lines) {
  const decisions = lines.filter((line) => 'accepted' in line);
  const byRequest = new Map();
  for (const line of decisions) byRequest.set(line.request, [...(byRequest.get(line.request) ?? []), line]);
  return {
    decisions,
    byRequest,
    exchanged: lines.find((line) => 'exchanged' in line)?.exchanged ?? 0,
    // The server's guard had just begun, and the client came again: no attack, and no fault.
    putOff: decisions.filter((line) => line.event === 'token' && line.code === 'replay_guard_starting'),
  };
}

function cell({ hub, signer, verifier, results, audit }, faults) {
  const { payloads } = results;
  const made = countCell({ hub, signer, verifier, results, audit });
  const ways = signer !== verifier && (signer === hub || verifier === hub) ? ['http', 'ws'] : [Object.keys(made)[0] ?? ''];
  for (const way of ways) {
    const count = made[way];
    if (count !== payloads) faults.push(`${signer.name} → ${verifier.name}${way && ` (${way})`}: ${count ?? 'no'} of ${payloads} verified`);
  }
  return { verifier, ways: made, count: Object.values(made).reduce((sum, count) => sum + count, 0) };
}

/** Packets verified, by the way they came. The verifier itself has counted them. */
function countCell({ hub, signer, verifier, results, audit }) {
  if (signer === hub && verifier === hub) return { process: audit.exchanged };
  if (verifier === hub) {
    const count = (transport) => audit.decisions.filter(({ event, from, accepted, transport: by }) =>
      event === 'payload' && from === signer.name && accepted && by === transport).length;
    return { http: count('http'), ws: count('ws') };
  }
  const client = results.clients[verifier.name];
  if (signer === hub) return { ...client?.exchange?.verified };
  return { relayed: client?.mesh?.verified?.[signer.name] ?? 0 };
}

function refusal({ row, clients, results, audit, errors }, faults) {
  const { class: klass, status } = errors.find(({ code }) => code === row.code);
  const cells = clients.map(({ name }) => ({
    name,
    outcomes: row.transports.map((transport) => {
      const wrong = attemptFault({ row, klass, status, name, transport, results, audit });
      if (wrong !== undefined) faults.push(`${row.attack} by ${name} over ${transport}: ${wrong}`);
      return { transport, ok: wrong === undefined, wrong };
    }),
  }));
  return { ...row, class: klass, status, cells };
}

function attemptFault({ row, klass, status, name, transport, results, audit }) {
  const attempts = (results.clients[name]?.attempts ?? []).filter((one) => one.attack === row.attack && one.transport === transport);
  if (attempts.length !== 1) return `tried ${attempts.length} times`;
  const [{ request, told, after }] = attempts;
  const decisions = audit.byRequest.get(request) ?? [];
  if (decisions.length !== 1) return `${decisions.length} lines in the audit log`;
  if (decisions[0].accepted) return 'ACCEPTED';
  if (decisions[0].code !== row.code) return `refused with ${decisions[0].code} instead of ${row.code}`;
  const due = JSON.stringify({ error: klass, status });
  if (JSON.stringify(told, ['error', 'status']) !== due || Object.keys(told).length !== 2) {
    return `the peer was told ${JSON.stringify(told)} instead of ${due}`;
  }
  const [next] = audit.byRequest.get(after.request) ?? [];
  if (after.told.status !== 200 || next?.accepted !== true) return 'a genuine packet afterwards was refused';
  return undefined;
}

/** No attempt that nobody expects, and no refusal of what was no attack. */
function checkNothingElse({ clients, results, expected, audit }, faults) {
  const attempts = clients.flatMap(({ name }) => results.clients[name]?.attempts ?? []);
  const known = new Set(expected.map(({ attack }) => attack));
  for (const { attack } of attempts) if (!known.has(attack)) faults.push(`an attack that nobody expects: ${attack}`);
  const tried = new Set([...attempts.map(({ request }) => request)]);
  for (const line of audit.decisions) {
    if (line.accepted || tried.has(line.request) || audit.putOff.includes(line)) continue;
    faults.push(`a genuine message of ${line.from} was refused: ${line.code} (${line.event}, ${line.transport})`);
  }
}

function runtime(party, hub, results, faults) {
  const about = party === hub ? { engine: 'native', ...results.hub } : results.clients[party.name]?.about;
  if (about === undefined) faults.push(`${party.name} did not say what it runs on`);
  else if (party.engine !== undefined && about.engine !== party.engine) {
    faults.push(`${party.name} runs on ${about.engine} instead of ${party.engine}`);
  }
  return { party, ...about };
}

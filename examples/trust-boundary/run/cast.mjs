// Who takes part, and a fresh set of secrets: one for each pair.

export const HUB = { name: 'hub', language: 'rust', title: 'Rust server' };
export const CLIENTS = [
  { name: 'planner-1', language: 'python', title: 'Python service', role: 'service', engine: 'native' },
  { name: 'engine-7', language: 'node', title: 'Node engine', role: 'engine', engine: 'native' },
  { name: 'page-1', language: 'browser', title: 'Browser page', role: 'page', engine: 'wasm' },
];
export const PARTIES = [HUB, ...CLIENTS];

/** So far may a packet be ahead of its verifier's clock, in seconds; so long is the fence after a start. */
export const MAX_AHEAD_S = 2;

/** Makes every secret of a run, and the setups that carry them to their two holders. */
export function cast(sdk, payloads, folders) {
  const secrets = [];
  const secret = () => {
    const text = sdk.Secret.generate().expose();
    secrets.push(text);
    return text;
  };
  const keys = CLIENTS.map(({ name, role }) => ({
    name,
    role,
    key: { id: `${name}.2`, secret: secret() },
    revoked: { id: `${name}.1`, secret: secret() },
  }));
  const pairs = pairsOf(CLIENTS.map(({ name }) => name), secret);
  const server = { clients: keys, token_secret: secret(), max_ahead: MAX_AHEAD_S, payloads, folders };
  const clients = keys.map((own) => ({
    ...own,
    max_ahead: MAX_AHEAD_S,
    payloads,
    pairs: pairs.filter(({ names }) => names.includes(own.name)).map(({ names, id, secret }) => {
      const [a, b] = names;
      return { peer: a === own.name ? b : a, id, secret };
    }),
  }));
  return { secrets, server, clients };
}

/** Each pair once, each name with itself included. */
function pairsOf(names, secret) {
  return names.flatMap((a, at) => names.slice(at).map((b) => ({ names: [a, b], id: `${a}~${b}`, secret: secret() })));
}

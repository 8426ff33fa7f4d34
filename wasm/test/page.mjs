// Runs in a browser, from plain files without a bundler; posts what it saw to the test that opened it.
const seen = {};
try {
  const api = await import('../dist/inline.js');
  const key = new api.Key('engine-7', { secret: api.Secret.generate() });
  const context = 'engine_status';
  const packet = new api.PacketSigner(key).sign({ status: 'FINISHED' }, { context });
  const verifier = new api.PacketVerifier(new api.Keyring([key]));

  seen.engine = api.about().engine;
  // An object, an array and bytes of another realm: an iframe's.
  const { JSON: foreign, Uint8Array: ForeignBytes } = document.querySelector('iframe').contentWindow;
  seen.payload = verifier.verify(foreign.parse(JSON.stringify(packet)), { context }).payload;
  seen.replayed = codeOf(() => verifier.verify(packet, { context }));
  seen.bytes = new api.PacketSigner(key).signBytes(ForeignBytes.of(0, 255, 10), { context }).data;
  seen.element = codeOf(() => new api.PacketSigner(key).sign(document.body, { context }));
  seen.foreignDate = codeOf(() => new api.PacketSigner(key).sign(new (document.querySelector('iframe').contentWindow.Date)(), { context }));

  seen.session = session(api, foreign);
  seen.request = request(api, document.querySelector('iframe').contentWindow);

  const lazy = await import('../dist/lazy.js');
  await lazy.init();
  seen.lazy = lazy.about().engine;

  seen.client = await client(api);
} catch (error) {
  seen.failure = String(error?.stack ?? error);
}
await fetch('/seen', { method: 'POST', body: JSON.stringify(seen) });

// The client beside the whole package: what the one signs, the other verifies, and neither takes the other's keys.
async function client(whole) {
  const small = await import('../dist/client.js');
  await small.init();
  const [secret, context] = [small.Secret.generate().expose(), 'look'];
  const keys = [small, whole].map((api) => new api.Key('page-1', { secret }));
  const rings = [new small.Keyring([keys[0]]), new whole.Keyring([keys[1]])];
  const forth = new whole.PacketVerifier(rings[1]).verify(new small.PacketSigner(keys[0]).sign([1e21], { context }), { context });
  const back = new small.PacketVerifier(rings[0]).verify(new whole.PacketSigner(keys[1]).sign([1e-7], { context }), { context });
  return [forth.payloadText, back.payloadText, codeOf(() => new small.PacketSigner(keys[1]))];
}

// Both ends of a session that a ticket opens; what they say goes through another realm's JSON.
function session(api, foreign) {
  const secret = api.Secret.generate();
  const auth = new api.Key('auth-1', { secret: api.Secret.generate(), uses: ['token'] });
  const ticket = new api.TicketIssuer(secret, auth, 'hub').issue('page-1', { expiresIn: 60 });
  const sent = (value) => foreign.parse(JSON.stringify(value));

  const keyring = new api.Keyring([new api.Key('hub', { secret: ticket.secret })]);
  const client = api.Session.client(new api.Key(ticket.keyId, { secret: ticket.secret, owner: 'page-1' }), { server: 'hub', keyring });
  const server = api.Session.server('hub', { identity: 'sub' });
  const tokens = new api.TokenVerifier(new api.Keyring([auth]), { typ: 'counterseal-ticket+jwt', audience: 'hub' });
  const { serverKey, clientKey } = api.ticketKeys(secret, server.accept(sent(client.handshake(ticket.token)), { tokens }), 'hub');
  client.establish(sent(server.welcome({ key: serverKey, keyring: new api.Keyring([clientKey]) })));

  const { payload } = client.verify('engines', sent(server.sign('engines', ['engine-7'])));
  server.verify('heartbeat', sent(client.heartbeat()));
  const reflected = codeOf(() => client.verify('look', sent(client.sign('look', {}))));
  return [payload, server.peer, client.state, reflected, api.refusal(new api.CountersealError(reflected, '')).status];
}

// A request signed for fetch, by what another realm holds of it, and judged as a server would.
function request(api, { Headers: ForeignHeaders, Array: ForeignArray, Uint8Array: ForeignBytes }) {
  const key = new api.Key('page-1', { secret: api.Secret.generate() });
  const [method, url, body] = ['POST', 'https://hub.example/jobs?x=1', ForeignBytes.of(1, 2)];
  const added = new api.RequestSigner(key).sign({ method, url, headers: new ForeignHeaders({ 'Content-Type': 'text/plain' }), body });
  const headers = ForeignArray.from([['host', 'hub.example'], ['content-type', 'text/plain'], ...added]);
  const head = { method, target: '/jobs?x=1', headers };

  const keyring = new api.Keyring([key]);
  const guarded = (options) => new api.RequestVerifier(keyring, { authorities: ['https://hub.example'], ...options });
  const [verifier, trust] = [guarded(), new api.Trust({ hub: {} })];
  const [pending, altered] = [guarded().begin(head), guarded().begin(head)];
  pending.update(body);
  altered.update(ForeignBytes.of(1, 3));
  return [
    verifier.verify({ ...head, body }).owner,
    pending.finish().owner,
    codeOf(() => verifier.verify({ ...head, body })),
    codeOf(() => altered.finish()),
    codeOf(() => verifier.verify({ ...head, headers: [...headers, document.body], body })),
    codeOf(() => guarded({ trust, callee: 'hub' }).verify({ ...head, body })),
  ];
}

function codeOf(run) {
  try {
    run();
  } catch (error) {
    return error.code;
  }
}

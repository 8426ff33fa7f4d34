// Compiled, never run: what the types allow, and what they must refuse.
import {
  CountersealError,
  Key,
  Keyring,
  PacketSigner,
  PacketVerifier,
  PendingRequest,
  RequestSigner,
  RequestVerifier,
  Session,
  SharedReplayGuard,
  TicketIssuer,
  TokenVerifier,
  Trust,
  Verified,
  VerifiedRequest,
  refusal,
  ticketKeys,
  type ErrorCode,
  type Handshake,
  type HeaderList,
  type Packet,
  type Secret,
  type VerifiedToken,
} from '../dist/node.js';

const key = new Key('k', { secret: new Uint8Array(32), uses: ['packet', 'request'], notAfter: undefined });
const signer = new PacketSigner(key, { bodyLimit: 10 });
const packet: Packet = signer.sign({ a: 1 }, { context: 'c', now: 1 });
const verified: Verified = new PacketVerifier(new Keyring([key]), { allow: ['k'] }).verify(packet, { context: 'c' });
const unknown: unknown = verified.payload;
const code: ErrorCode = new CountersealError('expired', 'why').code;
new TokenVerifier(new Keyring(), { claims: { role: { any_of: ['engine'] }, id: { type: 'string' } } });
void [unknown, code];

const tokens = new TokenVerifier(new Keyring(), { typ: 'counterseal-ticket+jwt' });
const server = Session.server('hub', { heartbeatWindow: 20, onRefusal: 'keep', now: undefined });
const client = Session.client(key, { server: 'hub', keyring: new Keyring(), guardCapacity: 100, nonce: 'n' });
const handshake: Handshake = client.handshake('token');
const accepted: VerifiedToken = server.accept(handshake, { tokens });
const { serverKey, clientKey } = ticketKeys('hex:00', accepted, 'hub');
const welcome: Packet = server.welcome({ key: serverKey, keyring: new Keyring([clientKey]), now: 1 });
client.establish(JSON.stringify(welcome));
const status: Packet = client.sign('engine_status', { job: 42 });
const heard: unknown = server.verify('engine_status', status, { now: 1 }).payload;
const due: boolean = client.poll();
const [deadline, peer, ended]: [number | undefined, string | undefined, ErrorCode | undefined] = [client.deadline, client.peer, client.code];
const isOpen: boolean = client.state === 'open';
const secret: Secret = new TicketIssuer('hex:00', key, 'hub').issue('page-1', { expiresIn: 60 }).secret;
const clock: number | undefined = refusal(new CountersealError('expired', 'why')).now;
void [heard, due, deadline, peer, ended, isOpen, secret, clock];

const added: [string, string][] = new RequestSigner(key, { extraFields: ['x-b'] }).sign({ method: 'GET', url: 'http://h/', headers: new Map([['a', 'b']]) });
const other = new RequestSigner(key).sign({ method: 'POST', url: 'http://h/', headers: { a: 'b' }, body: new ArrayBuffer(1), now: 1, nonce: 'n' });
const rules = new Trust({ vault: { rules: [{ callers: ['k'], methods: ['POST'] }], exempt: ['/health'] } });
const requests = new RequestVerifier(new Keyring([key]), { authorities: ['https://h'], trust: rules, callee: 'vault', maxAge: 30 });
const fields: HeaderList = ['host', 'h', ...added.flat()];
const arrived: VerifiedRequest = requests.verify({ method: 'GET', target: '/', headers: fields, body: new Uint8Array() });
const pending: PendingRequest = requests.begin({ method: 'GET', target: '/', headers: [['host', 'h'], ...other] });
pending.update(new ArrayBuffer(1));
const caller: string = pending.finish({ now: 1 }).owner;
const anyone: boolean = requests.isExempt('/health') || rules.isExempt('vault', '/health');
const sentences: string[] = rules.explain('vault');
void [arrived, caller, anyone, sentences];

const guard = new SharedReplayGuard({ claim: async (keys: string[], args: string[]) => keys.length + args.length }, { scope: 'vault', cluster: true, timeout: 100 });
const together = new PacketVerifier(new Keyring([key]), { guard });
const awaited: Promise<Verified> = together.verifyAsync(packet, { context: 'c' });
const whole: Promise<VerifiedRequest> = new RequestVerifier(new Keyring([key]), { authorities: ['https://h'], guard }).verifyAsync({ method: 'GET', target: '/', headers: fields, body: new Uint8Array() });
const later: Promise<VerifiedRequest> = pending.finishAsync({ now: 1 });
const script: string = SharedReplayGuard.script;
const warning: string | undefined = SharedReplayGuard.warning('maxmemory_policy:noeviction');
void [awaited, whole, later, script, warning];

// @ts-expect-error a context is required
signer.sign({}, {});
// @ts-expect-error a context is required
signer.sign({});
// @ts-expect-error an unknown option
signer.sign({}, { context: '', when: 1 });
// @ts-expect-error text is not bytes
signer.signBytes('text', { context: '' });
// @ts-expect-error a secret is required
new Key('k', {});
// @ts-expect-error not a code of the list
new CountersealError('wrong', 'why');
// @ts-expect-error only a verifier makes evidence
new Verified();
// @ts-expect-error a key is no keyring
new PacketVerifier(key);
// @ts-expect-error what has the shape of a key is no key
new PacketSigner({ id: 'k', owner: 'k', toJSON: () => ({ id: 'k', owner: 'k' }) });
// @ts-expect-error a session is made by Session.server or Session.client
new Session();
// @ts-expect-error a client must know its server
Session.client(key, { keyring: new Keyring() });
// @ts-expect-error not a policy
Session.server('hub', { onRefusal: 'ignore' });
// @ts-expect-error a token verifier is required
server.accept(handshake);
// @ts-expect-error the keys of the client are required
server.welcome({ key });
// @ts-expect-error an event is required
client.sign({ job: 42 });
// @ts-expect-error a session's context is its own
client.sign('e', {}, { context: 'c' });
// @ts-expect-error text is not bytes
client.signBytes('e', 'text');
// @ts-expect-error no such state
void (client.state === 'closed');
// @ts-expect-error a ticket ends
new TicketIssuer('hex:00', key, 'hub').issue('page-1', {});
// @ts-expect-error a code is no error
refusal('expired');
// @ts-expect-error claims are no evidence
ticketKeys('hex:00', { sub: 'page-1' }, 'hub');
// @ts-expect-error a request has a URL
new RequestSigner(key).sign({ method: 'GET' });
// @ts-expect-error text is not bytes
new RequestSigner(key).sign({ method: 'POST', url: 'http://h/', body: 'text' });
// @ts-expect-error a verifier knows who it is
new RequestVerifier(new Keyring(), {});
// @ts-expect-error an object of fields has lost what was repeated
requests.verify({ method: 'GET', target: '/', headers: { host: 'h' } });
// @ts-expect-error a head has no body
requests.begin({ method: 'GET', target: '/', headers: [], body: new Uint8Array() });
// @ts-expect-error only a verifier makes evidence
new VerifiedRequest();
// @ts-expect-error a pending request is made by begin
new PendingRequest();
// @ts-expect-error a store answers with a number
new SharedReplayGuard({ claim: async () => 'OK' });
// @ts-expect-error a store is no guard
new PacketVerifier(new Keyring(), { guard: { claim: async () => 0 } });
// @ts-expect-error an unknown member
new Trust({ vault: { rule: [] } });

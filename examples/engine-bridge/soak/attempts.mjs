// What the forger tries: one connection each (test/raw.mjs), of which the server must end every one.
//
// It has heard the tapped engines' tokens and packets, and has a key and a token of its own, both genuine; keys of others it has not.

import { generateNonce, Key, Keyring, PacketSigner, Session, TokenIssuer } from 'counterseal';
import { frame } from '../test/frames.mjs';

/**
 * Tokens and packets that must not pass. Each takes the line, and `loot`: the forger's `own` identity and its `journal`, and `token`, `name`, `status` and
 * `heartbeat` of an engine that was heard.
 */
export const FORGERIES = {
  // Tokens
  'no token': (line) => join(line, {}),
  'a token that nobody issued': (line) => join(line, handshake('not.a.token')),
  'a heard token, changed': (line, { token }) => join(line, handshake(changed(token))),
  'a token without a signature': (line, { name }) => join(line, handshake(unsigned(name))),
  'a token issued by the forger': (line, { own, name }) => join(line, handshake(issued(own, name))),

  // Packets, behind a token that was heard
  'a heard packet, again': (line, { token, status }) => afterWelcome(line, token, () => ['engine_status', status]),
  'a heard packet, changed': (line, { token, status }) => afterWelcome(line, token, () => ['engine_status', { ...status, payload: { status: 'FORGED' } }]),
  'a heard heartbeat, again': (line, { token, heartbeat }) => afterWelcome(line, token, () => ['heartbeat', heartbeat]),
  'a heard heartbeat as a status': (line, { token, heartbeat }) => afterWelcome(line, token, () => ['engine_status', heartbeat]),
  'signed with the forger’s secret': (line, loot) => afterWelcome(line, loot.token, (welcome) => ['engine_status', signed(loot, `${loot.name}.0`, welcome)]),
  'signed with the forger’s key': (line, loot) => afterWelcome(line, loot.token, (welcome) => ['engine_status', signed(loot, loot.own.key_id, welcome)]),
  'the server’s welcome, sent back': (line, { token }) => afterWelcome(line, token, (welcome) => ['engine_status', welcome]),
  'its own packet, twice': twice,
  'no packet': (line, { token }) => afterWelcome(line, token, () => ['engine_status', {}]),
};

/** Bytes that are no message, on connections beside those of the forgeries. */
export const FRAMES = {
  'no JSON': (line, { token }) => malformed(line, token, () => line.say('42/engine,[')),
  'no Socket.IO': (line, { token }) => malformed(line, token, () => line.say('9')),
  'a frame without a mask': (line, { token }) => malformed(line, token, () => line.write(frame('2'))),
  'a frame of no kind': (line, { token }) => malformed(line, token, () => line.write(frame('2', { masked: true, first: 0x83 }))),
  'a handshake that is no JSON': (line) => line.say('40/engine,{'),
};

/** How a connection is turned away: with a word, or without. */
export const ENDS = ['refused', 'disconnect'];

function handshake(token) {
  return { nonce: generateNonce(), token };
}

function join(line, handshake) {
  return line.say(`40/engine,${JSON.stringify(handshake)}`);
}

/** The packet that welcomes it. */
async function welcomed(line) {
  const [event, packet] = await line.heard.first('the welcome', ([event]) => ['welcome', ...ENDS].includes(event));
  if (event !== 'welcome') throw new Error(`${event} instead of a welcome`);
  return packet;
}

async function afterWelcome(line, token, event) {
  join(line, handshake(token));
  send(line, ...event(await welcomed(line)));
}

function send(line, event, packet) {
  return line.say(`42/engine,${JSON.stringify([event, packet])}`);
}

async function malformed(line, token, sendFrame) {
  join(line, handshake(token));
  await welcomed(line);
  sendFrame();
}

/** The forger as the engine that it may be. The first of its packets is genuine, and the only one that is. */
async function twice(line, { own, journal }) {
  const keyring = new Keyring([new Key(own.server, { secret: own.secret, owner: own.server })]);
  const session = Session.client(new Key(own.key_id, { secret: own.secret, owner: own.name }), { server: own.server, keyring });
  join(line, session.handshake(own.token));
  session.establish(await welcomed(line));
  journal.connected(own.name, session.id);
  const status = generateNonce();
  journal.sending(own.name, status);
  const packet = session.sign('engine_status', { status });
  send(line, 'engine_status', packet);
  send(line, 'engine_status', packet);
}

/** A packet for this very session, as the engine would sign it, had the forger its secret. */
function signed({ own, name }, keyId, welcome) {
  const signer = new PacketSigner(new Key(keyId, { secret: own.secret, owner: name }));
  return signer.sign({ status: 'FORGED' }, { context: `${name}>${own.server}:engine_status@${welcome.nonce}` });
}

function issued(own, name) {
  const key = new Key('tokens.0', { secret: own.secret, owner: own.server, uses: ['token'] });
  return new TokenIssuer(key).issue({ engineId: name, role: 'engine' }, { expiresIn: 3600 });
}

function unsigned(name) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ engineId: name, role: 'engine', iat: now, exp: now + 3600 })}.`;
}

/** One character of its claims is another. */
function changed(token) {
  const at = token.indexOf('.') + 5;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

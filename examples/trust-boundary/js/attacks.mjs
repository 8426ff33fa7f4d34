// The attacks, each tried for real over HTTP and over WebSocket. Each makes one hostile message. What must come of it stands in
// run/expected.mjs, which no client sees.

import { Socket } from './socket.mjs';

/** Tries each attack on each transport, and after each a genuine packet. */
export async function attack(kit) {
  const tokens = await gatherTokens(kit);
  const doors = { http: httpDoor(kit), ws: socketDoor(kit) };
  const attempts = [];
  for (const [name, make] of Object.entries(ATTACKS)) {
    for (const transport of HTTP_ONLY.has(name) ? ['http'] : ['http', 'ws']) {
      const [door, other] = transport === 'http' ? [doors.http, doors.ws] : [doors.ws, doors.http];
      const message = await make({ ...kit, tokens, door, other });
      const { request, told } = await door.deliver(message);
      attempts.push({ attack: name, transport, request, told, after: await genuine(kit, door) });
    }
  }
  return attempts;
}

const STATUS = '{"job":42,"status":"FINISHED"}';

const ATTACKS = {
  async replayed({ hub, door }) {
    const packet = hub.sign('status', STATUS);
    await accepted(door, packet);
    return { packet };
  },

  async replayed_elsewhere({ hub, other }) {
    const packet = hub.sign('status', STATUS);
    await accepted(other, packet);
    return { packet };
  },

  payload_changed: ({ hub }) => ({ packet: edited(hub.sign('status', STATUS), { payload: { job: 42, status: 'FAILED' } }) }),

  context_changed: ({ hub }) => ({ packet: hub.sign('payload', STATUS) }),

  reflected: async ({ hub, door }) => ({ packet: await accepted(door, hub.sign('status', STATUS)) }),

  stale: ({ hub }) => ({ packet: hub.sign('status', STATUS, { now: clock() - 120 }) }),

  future: ({ hub }) => ({ packet: hub.sign('status', STATUS, { now: clock() + 60 }) }),

  time_changed({ hub }) {
    const now = clock() - 120;
    return { packet: edited(hub.sign('status', STATUS, { now }), { ts: now + 120 }) };
  },

  wrong_key: ({ sdk, setup, hub }) => ({ packet: signedWith(sdk, hub, setup.key.id, sdk.Secret.generate()) }),

  unknown_key: ({ sdk, setup, hub }) => ({ packet: signedWith(sdk, hub, `${setup.name}.99`, sdk.Secret.generate()) }),

  revoked_key: ({ sdk, setup, hub }) => ({ packet: signedWith(sdk, hub, setup.revoked.id, setup.revoked.secret) }),

  signature_forged({ hub }) {
    const packet = hub.sign('status', STATUS);
    const { sig } = JSON.parse(packet);
    return { packet: edited(packet, { sig: (sig[0] === 'A' ? 'B' : 'A') + sig.slice(1) }) };
  },

  member_added: ({ hub }) => ({ packet: edited(hub.sign('status', STATUS), { admin: true }) }),

  member_twice({ hub }) {
    const packet = hub.sign('status', STATUS);
    return { packet: `{"payload":{"job":1},${packet.slice(1)}` };
  },

  nonce_array({ hub }) {
    const packet = hub.sign('status', STATUS);
    return { packet: edited(packet, { nonce: [JSON.parse(packet).nonce] }) };
  },

  expired_token: ({ hub, tokens }) => ({ token: tokens.expired, packet: hub.sign('status', STATUS) }),

  wrong_role: ({ hub, tokens }) => ({ token: tokens.observer, packet: hub.sign('status', STATUS) }),

  forged_token({ hub, setup, tokens }) {
    const [header, claims, signature] = tokens.observer.split('.');
    const changed = { ...decoded(claims), role: setup.role };
    return { token: [header, encoded(changed), signature].join('.'), packet: hub.sign('status', STATUS) };
  },

  unsigned_token({ hub, token }) {
    const claims = token.split('.')[1];
    return { token: `${encoded({ alg: 'none', typ: 'JWT' })}.${claims}.`, packet: hub.sign('status', STATUS) };
  },

  another_name: ({ hub, setup }) => ({ name: setup.pairs.find(({ peer }) => peer !== setup.name).peer, packet: hub.sign('status', STATUS) }),

  more_power: ({ hub }) => ({ event: 'token', packet: hub.sign('token', '{"role":"admin"}') }),
};

// A token is asked for over HTTP alone.
const HTTP_ONLY = new Set(['more_power']);

/** A token that has expired, and one of a lesser role: both genuine. */
async function gatherTokens({ hub, say }) {
  const expired = await hub.requestToken({ expires_in: 1 });
  const observer = await hub.requestToken({ role: 'observer' });
  say('waiting two seconds, until a short token has expired');
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return { expired, observer };
}

function httpDoor({ hub, token }) {
  return { deliver: (message) => hub.post({ event: 'status', token, ...message }) };
}

/** Each message comes on a connection of its own, since a refusal ends the connection. */
function socketDoor({ hub, token, WebSocket }) {
  return {
    async deliver(message) {
      const socket = await Socket.open(WebSocket, hub, { name: message.name });
      try {
        const hello = await socket.post({ event: 'hello', token: message.token ?? token, packet: hub.sign('hello', '{}') });
        return hello.packet === undefined ? hello : await socket.post({ event: 'status', packet: message.packet });
      } finally {
        await socket.close();
      }
    },
  };
}

async function genuine({ hub }, door) {
  const nonce = hub.newNonce();
  const { request, told, packet } = await door.deliver({ packet: hub.sign('status', STATUS, { nonce }) });
  if (packet !== undefined) hub.verifyAnswer('status', nonce, packet);
  return { request, told };
}

/** Has a packet accepted, as it must be, and returns the hub's. */
async function accepted(door, packet) {
  const answer = await door.deliver({ packet });
  if (answer.packet === undefined) throw new Error(`a genuine packet was refused: ${JSON.stringify(answer.told)}`);
  return answer.packet;
}

function signedWith(sdk, hub, id, secret) {
  const signer = new sdk.PacketSigner(new sdk.Key(id, { secret, owner: hub.name }));
  return signer.signJson(STATUS, { context: `${hub.name}>hub:status` });
}

function edited(packet, members) {
  return JSON.stringify({ ...JSON.parse(packet), ...members });
}

function decoded(part) {
  return JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
}

function encoded(value) {
  return btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function clock() {
  return Math.floor(Date.now() / 1000);
}

// Who may not watch: tickets and passwords that get nobody onto the dashboard.

import assert from 'node:assert/strict';
import { Secret, TicketIssuer } from 'counterseal';
import { test } from 'node:test';
import { tokenKey } from './minted.mjs';
import { Scene, UNAUTHORIZED } from './scene.mjs';

const NONCE = 'AAECAwQFBgcICQoLDA0ODw';
const NAMESPACE = '/dashboard';

test('no ticket, or an engine’s token for one', async (t) => {
  const scene = await Scene.open(t);
  const { token } = await scene.identity();
  const cases = [[null, 'malformed_packet'], [{ nonce: NONCE, token: '' }, 'malformed_token'], [{ nonce: NONCE, token }, 'malformed_token']];
  for (const [handshake, code] of cases) {
    await scene.foiled(await scene.attacker({ namespace: NAMESPACE, handshake }), { code, event: 'AUTH_FAILED', user: null });
  }
});

test('a ticket for an engine’s token', async (t) => {
  const scene = await Scene.open(t);
  await scene.foiled(await scene.attacker({}, await ticket(scene)), { code: 'malformed_token', event: 'AUTH_FAILED', user: null });
});

test('a ticket that has expired, of another audience, or that the hub did not sign', async (t) => {
  const scene = await Scene.open(t);
  const now = Math.floor(Date.now() / 1000);
  const master = await scene.secret('master');
  const issue = (audience, secret, at = now) => new TicketIssuer(master, tokenKey(secret), audience).issue('operator-1', { expiresIn: 60, now: at });
  const tokens = await scene.secret('tokens');
  const tickets = [
    [issue('dashboard', tokens, now - 3600), 'token_expired'],
    // Ten seconds late: the hub's clock issued it, so nothing need be forgiven.
    [issue('dashboard', tokens, now - 70), 'token_expired'],
    [issue('another', tokens), 'claim_mismatch'],
    [issue('dashboard', Secret.generate()), 'bad_signature'],
  ];
  for (const [{ token }, code] of tickets) {
    const page = await scene.attacker({ namespace: NAMESPACE, handshake: { nonce: NONCE, token } });
    await scene.foiled(page, { code, event: 'AUTH_FAILED', user: null });
  }
});

test('a ticket that expires while its page is connected', async (t) => {
  const scene = await Scene.open(t, { ticket_lifetime: 2 });
  const page = await scene.attacker({ namespace: NAMESPACE }, await ticket(scene));
  await page.welcomed();
  page.send('heartbeat', page.sign('heartbeat', {}));
  await page.hears('snapshot');
  await scene.foiled(page, { code: 'inactive_key', event: 'DASHBOARD_DISCONNECTED', user: 'operator-1', accepted: ['DASHBOARD_CONNECTED', 'HEARTBEAT'] });
});

test('a ticket on a second connection, with another’s key or the first’s packets', async (t) => {
  const scene = await Scene.open(t);
  const [one, other] = [await ticket(scene), await ticket(scene)];
  const first = await scene.attacker({ namespace: NAMESPACE }, one);
  await first.welcomed();
  const job = first.sign('send_job', { engine: scene.honest.name, jobType: 'FORGED' });
  const hostile = [
    [(page) => page.sign('send_job', { engine: scene.honest.name, jobType: 'FORGED' }, other), 'unknown_key'],
    [(page) => page.sign('send_job', { engine: scene.honest.name, jobType: 'FORGED' }, { secret: other.secret }), 'bad_signature'],
    [() => job, 'bad_signature'],
  ];
  for (const [make, code] of hostile) {
    const second = await (await scene.attacker({ namespace: NAMESPACE }, one)).welcomed();
    second.send('send_job', make(second));
    await scene.foiled(second, { code, user: one.name });
  }
});

test('a job that the page did not sign, and one that was signed as another event', async (t) => {
  const scene = await Scene.open(t);
  const own = await ticket(scene);
  const job = { engine: scene.honest.name, jobType: 'FORGED' };
  for (const [make, code] of [[() => job, 'malformed_packet'], [(page) => page.sign('heartbeat', job), 'bad_signature']]) {
    const page = await (await scene.attacker({ namespace: NAMESPACE }, own)).welcomed();
    page.send('send_job', make(page));
    await scene.foiled(page, { code, user: own.name });
  }
});

test('the operator’s password, guessed by the dozen', async (t) => {
  const scene = await Scene.open(t);
  const guesses = ['', 'password', scene.hub.password.slice(0, -1), `${scene.hub.password}x`, scene.hub.password.toLowerCase().toUpperCase()];
  for (const guess of guesses) {
    assert.deepEqual(await post(scene, { password: guess }), [401, UNAUTHORIZED]);
    await scene.recorded({ code: 'bad_signature', event: 'AUTH_FAILED', user: null });
  }
  // Now not even the right one is looked at; each guess is recorded all the same.
  for (const guess of [...Array.from({ length: 11 }, (_, at) => `guess-${at}`), scene.hub.password]) {
    assert.deepEqual(await post(scene, { password: guess }), [429, { class: 'too_many_requests', status: 429 }]);
    await scene.recorded({ code: 'rate_limited', event: 'AUTH_FAILED', user: null });
  }
  await scene.unharmed();
  assert.ok(!(await scene.hub.trail.records()).some(({ event }) => event === 'TICKET_ISSUED'));
});

/** A ticket as the hub issues it for its password: what a page needs to connect. */
async function ticket(scene) {
  const [status, { owner: name, ...given }] = await post(scene, { password: scene.hub.password });
  assert.equal(status, 200);
  return { name, url: scene.hub.url, ...given };
}

async function post(scene, body) {
  const answer = await fetch(`${scene.hub.url}/ticket`, { method: 'POST', body: JSON.stringify(body) });
  return [answer.status, await answer.json()];
}

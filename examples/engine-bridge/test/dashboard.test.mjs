// The dashboard in a real browser, before the real server: what an operator sees, and what nobody else does.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Dashboard } from './parts/dashboard.mjs';
import { forger, genuine, stranger } from './parts/engine.mjs';
import { Hub, PASSWORD } from './parts/hub.mjs';
import { Middleman } from './parts/middleman.mjs';

describe('the dashboard', () => {
  const ends = [];
  const held = (thing) => (ends.push(() => (thing.end ?? thing.close).call(thing)), thing);
  let hub;

  before(async () => (hub = await Hub.start()));
  after(() => hub.end());
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const open = async (url = hub.url) => held(await Dashboard.open(url));
  const entered = async (url) => {
    const dashboard = await open(url);
    await dashboard.enter(PASSWORD);
    return dashboard;
  };

  test('a wrong password gets no ticket', async () => {
    const dashboard = await open();
    await dashboard.signIn('not the password');
    await dashboard.page.getByText('That is not the operator’s password.').waitFor();
    assert.equal(await dashboard.page.locator('#board').isVisible(), false);
    assert.equal(await dashboard.page.getByLabel('Operator’s password').inputValue(), '');
    assert.deepEqual(dashboard.secrets, []);
  });

  test('engines appear as they connect, and say how they are', async () => {
    const dashboard = await entered();
    await dashboard.page.getByText('No engine has connected yet.').waitFor();
    const engine = held(await genuine(hub, await hub.provision('engine-1')));
    await dashboard.engine('engine-1').filter({ hasText: 'Connected' }).waitFor();
    engine.send('engine_status', { status: 'polishing' });
    await dashboard.engine('engine-1').filter({ hasText: 'polishing' }).waitFor();
    await dashboard.engine('engine-1').getByText(/^\d+ s ago$/).waitFor();
    engine.close();
    await dashboard.engine('engine-1').filter({ hasText: 'Not connected' }).waitFor();
    assert.equal(await dashboard.engine('engine-1').getByRole('button').isDisabled(), true);
    assert.deepEqual(dashboard.complaints, []);
  });

  test('a job sent from the page reaches its engine, and its result comes back', async () => {
    const dashboard = await entered();
    const jobs = [];
    held(await genuine(hub, await hub.provision('engine-2'), (job) => (jobs.push(job), { ok: job.jobType !== 'fail' })));
    for (const [type, state] of [['calibrate', 'Done'], ['fail', 'Failed']]) {
      await dashboard.page.getByLabel('Job to send').selectOption(type);
      await dashboard.page.getByRole('button', { name: 'Send a job to engine-2' }).click();
      await dashboard.lastJob.filter({ hasText: type }).filter({ hasText: state }).waitFor();
    }
    assert.deepEqual(jobs.map(({ jobType }) => jobType), ['calibrate', 'fail']);
  });

  test('a forged packet is a refusal with its code, and so is a stranger', async () => {
    const dashboard = await entered();
    const forged = await forger(hub, await hub.provision('engine-3'), 'engine_status', (packet) => ({ ...packet, payload: { status: 'ALL WELL' } }));
    assert.deepEqual(forged, { class: 'unauthorized', status: 401 });
    const refusal = dashboard.refusals('engine-3');
    await refusal.getByText('bad_signature').waitFor();
    assert.match(await refusal.getByRole('link').getAttribute('href'), /\/docs\/errors\.md#bad_signature$/);
    await dashboard.page.getByRole('log').getByText('engine-3, engine_status: bad_signature').waitFor();
    await stranger(hub);
    await dashboard.refusals('nobody').getByText('malformed_token').waitFor();
    assert.ok(!(await dashboard.kept()).includes('ALL WELL'));
  });

  const meddling = {
    'a byte of a packet is changed': { change: (text) => [text.replace('"connected":', '"connecteD":')], code: 'bad_signature' },
    'a packet comes as another event': { change: (text) => [text.replace('"snapshot",', '"activity",')], code: 'bad_signature' },
    'a packet comes twice': { change: (text) => [text, text], code: 'replayed' },
    'something rides along with a packet': { change: (text) => [text.replace('"snapshot",', '"snapshot",{"engines":[]},')], code: 'malformed_packet' },
  };
  for (const [title, { change, code }] of Object.entries(meddling)) {
    test(`where ${title}, the page refuses, says so and shows nothing`, async () => {
      const middleman = held(await Middleman.before(hub.port));
      const dashboard = await entered(middleman.url);
      middleman.meddle((text) => (text.includes('"snapshot",') ? change(text) : [text]));
      const engine = held(await genuine(hub, await hub.provision('engine-4')));
      engine.send('engine_status', { status: 'polishing' });
      await dashboard.notice.getByText('Something arrived that does not verify').waitFor();
      await dashboard.notice.getByRole('link', { name: code }).waitFor();
      await shows(dashboard, []);
      middleman.meddle((text) => [text]);
      await dashboard.page.getByRole('button', { name: 'Connect again' }).click();
      await dashboard.engine('engine-4').waitFor();
      assert.equal(await dashboard.notice.isVisible(), false);
    });
  }

  test('a welcome that is not the server’s opens nothing', async () => {
    const middleman = held(await Middleman.before(hub.port));
    middleman.meddle((text) => [text.replace(/"session":"./, '"session":"-')]);
    const dashboard = await open(middleman.url);
    await dashboard.signIn(PASSWORD);
    await dashboard.notice.getByText('It came as the event “welcome”.').waitFor();
    await shows(dashboard, []);
  });

  test('a refusal that nobody signed is told as that, in no words of its own', async () => {
    const middleman = held(await Middleman.before(hub.port));
    const dashboard = await entered(middleman.url);
    middleman.meddle(() => ['42/dashboard,["refused",{"class":"<b>call 555-1234</b>","status":401}]']);
    await dashboard.notice.getByText('The answer was 401 no class.').waitFor();
    assert.ok(!(await dashboard.kept()).includes('555-1234'));
  });

  test('a lost connection is made again', async () => {
    const middleman = held(await Middleman.before(hub.port));
    const dashboard = await entered(middleman.url);
    middleman.cut();
    await dashboard.notice.getByText('No connection to the server').waitFor();
    await dashboard.page.getByRole('heading', { name: 'Engines' }).waitFor();
    assert.equal(await dashboard.notice.isVisible(), false);
  });

  test('no secret leaves the page’s memory', async () => {
    const dashboard = await entered();
    await dashboard.page.getByRole('button', { name: 'Renew the ticket' }).click();
    await dashboard.signIn(PASSWORD);
    await dashboard.page.getByText('operator-').waitFor();
    assert.equal(dashboard.secrets.length, 2);
    const seen = [await dashboard.kept(), ...dashboard.addresses, ...dashboard.complaints].join('\n');
    for (const secret of [PASSWORD, ...dashboard.secrets.map((text) => text.slice(text.indexOf(':') + 1))]) {
      assert.ok(!seen.includes(secret) && !seen.includes(encodeURIComponent(secret)));
    }
    assert.deepEqual(dashboard.complaints, []);
  });
});

describe('a ticket', () => {
  test('ends, and the page with it', async () => {
    const hub = await Hub.start({ ticket_lifetime: 2 });
    try {
      const dashboard = await Dashboard.open(hub.url);
      try {
        await dashboard.enter(PASSWORD);
        await dashboard.notice.getByText('Your ticket has ended').waitFor();
        await shows(dashboard, []);
        await dashboard.enter(PASSWORD);
        assert.deepEqual(dashboard.complaints, []);
      } finally {
        await dashboard.end();
      }
    } finally {
      await hub.end();
    }
  });
});

/** Nothing of what was shown may be left, not even hidden. */
async function shows(dashboard, rows) {
  assert.equal(await dashboard.page.locator('#board').isVisible(), false);
  assert.deepEqual(await dashboard.page.locator('#board tbody tr, #board li').allTextContents(), rows);
}

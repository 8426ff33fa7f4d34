// The dashboard in a real browser, before the real server: what an operator sees, and what nobody else does.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from '../../../tests/probes/js/chromium-launch.mjs';
import { Middleman } from './middleman.mjs';
import { Dashboard } from './page.mjs';
import { forger, genuine, silent, stranger } from './peers.mjs';
import { secretsOf, startServer } from './server.mjs';

describe('the dashboard', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  /** A server, and a page that an operator has signed in to. */
  const entered = async (t, setup) => {
    const hub = await startServer(t, setup);
    const dashboard = await Dashboard.open(t, browser, hub.url);
    await dashboard.enter(hub.password);
    return { hub, dashboard };
  };
  /** The same, with somebody between them. */
  const overheard = async (t) => {
    const hub = await startServer(t);
    const middleman = await Middleman.before(t, hub.port);
    const dashboard = await Dashboard.open(t, browser, middleman.url);
    return { hub, middleman, dashboard };
  };

  test('a wrong password gets no ticket, and after five of them none is looked at', async (t) => {
    const hub = await startServer(t);
    const dashboard = await Dashboard.open(t, browser, hub.url);
    for (let tried = 1; tried <= 5; tried += 1) {
      await Promise.all([dashboard.page.waitForResponse(`${hub.url}/ticket`), dashboard.signIn(`not the password ${tried}`)]);
      await dashboard.page.getByText('That is not the operator’s password.').waitFor();
    }
    await dashboard.signIn(hub.password);
    await dashboard.page.getByText('Too many wrong passwords of late.').waitFor();
    assert.equal(await dashboard.page.getByLabel('Operator’s password').inputValue(), '');
    assert.deepEqual(await dashboard.tickets(), []);
    await nothingShown(dashboard);
  });

  test('engines appear as they connect, and say how they are', async (t) => {
    const { hub, dashboard } = await entered(t);
    await dashboard.page.getByText('No engine has connected yet.').waitFor();
    assert.equal(await dashboard.page.evaluate(() => document.activeElement.id), 'engines');
    const engine = await genuine(t, await hub.provision('engine-1'));
    const row = dashboard.engine('engine-1');
    await row.getByText('Connected', { exact: true }).waitFor();
    engine.send('engine_status', { status: '<b>polishing</b>' });
    await row.getByText('<b>polishing</b>').waitFor();
    await row.getByText(/^\d+ s ago$/).waitFor();
    engine.close();
    await row.getByText('Not connected').waitFor();
    assert.equal(await row.getByRole('button').isDisabled(), true);
    assert.deepEqual(dashboard.complaints, []);
  });

  test('an engine that falls silent is late, then overdue, then gone', async (t) => {
    const { hub, dashboard } = await entered(t, { session: { heartbeat_window: 6 } });
    await silent(t, await hub.provision('engine-1'));
    const row = dashboard.engine('engine-1');
    for (const beat of [/^\d s ago$/, /^\d s, late$/, /^\d s, overdue$/, 'Not connected']) await row.getByText(beat).waitFor();
    await dashboard.page.getByText('engine-1 left: heartbeat_missed').waitFor();
  });

  test('a job sent from the page reaches its engine, and its result comes back', async (t) => {
    const { hub, dashboard } = await entered(t);
    const jobs = [];
    await genuine(t, await hub.provision('engine-1'), (job) => (jobs.push(job), { ok: job.jobType !== 'fail' }));
    for (const [type, state] of [['calibrate', 'Done'], ['fail', 'Failed']]) {
      await dashboard.page.getByLabel('Job to send').selectOption(type);
      await dashboard.page.getByRole('button', { name: 'Send a job to engine-1' }).click();
      await dashboard.lastJob.filter({ hasText: type }).getByText(state).waitFor();
    }
    assert.deepEqual(jobs.map(({ jobType }) => jobType), ['calibrate', 'fail']);
  });

  test('a forged packet is a refusal with its code, and so is a stranger', async (t) => {
    const { hub, dashboard } = await entered(t);
    const told = await forger(await hub.provision('engine-1'), 'engine_status', (packet) => ({ ...packet, payload: { status: 'ALL WELL' } }));
    assert.deepEqual(told, { class: 'unauthorized', status: 401 });
    const refusal = dashboard.refusals('engine-1');
    await refusal.getByText('bad_signature').waitFor();
    assert.match(await refusal.getByRole('link').getAttribute('href'), /\/docs\/errors\.md#bad_signature$/);
    await dashboard.page.getByRole('log').getByText('engine-1, engine_status: bad_signature').waitFor();
    await stranger(hub.url);
    await dashboard.refusals('nobody').getByText('malformed_token').waitFor();
    assert.ok(!(await dashboard.kept()).includes('ALL WELL'));
  });

  const meddling = {
    'a byte of a packet is changed': { change: (text) => [text.replace('"connected":', '"connecteD":')], code: 'bad_signature' },
    'a packet comes as another event': { change: (text) => [text.replace('"snapshot",', '"activity",')], code: 'bad_signature' },
    'a packet comes under a name nobody knows': { change: (text) => [text.replace('"snapshot",', '"Call.555-1234",')], code: 'bad_signature' },
    'a packet comes twice': { change: (text) => [text, text], code: 'replayed' },
    'something rides along with a packet': { change: (text) => [text.replace('"snapshot",', '"snapshot",{"engines":[]},')], code: 'malformed_packet' },
  };
  for (const [title, { change, code }] of Object.entries(meddling)) {
    test(`where ${title}, the page refuses, says so and shows nothing`, async (t) => {
      const { hub, middleman, dashboard } = await overheard(t);
      await dashboard.enter(hub.password);
      middleman.meddle((text) => (text.includes('"snapshot",') ? change(text) : [text]));
      await genuine(t, await hub.provision('engine-1'));
      await dashboard.notice.getByText('Something arrived that does not verify').waitFor();
      await dashboard.notice.getByRole('link', { name: code }).waitFor();
      await nothingShown(dashboard);
      assert.ok(!(await dashboard.kept()).includes('555-1234'));
      middleman.meddle((text) => [text]);
      await dashboard.page.getByRole('button', { name: 'Connect again' }).click();
      await dashboard.engine('engine-1').waitFor();
      assert.equal(await dashboard.notice.isVisible(), false);
      assert.deepEqual(dashboard.complaints, []);
    });
  }

  test('a welcome that is not the server’s opens nothing', async (t) => {
    const { hub, middleman, dashboard } = await overheard(t);
    middleman.meddle((text) => [text.replace('"session":', '"sessioN":')]);
    await dashboard.signIn(hub.password);
    await dashboard.notice.getByText('It came as the event “welcome”.').waitFor();
    await nothingShown(dashboard);
  });

  test('a refusal is not signed, and is not believed more than it says', async (t) => {
    const { hub, middleman, dashboard } = await overheard(t);
    await dashboard.enter(hub.password);
    middleman.meddle(() => ['42/dashboard,["refused",{"class":"<b>call 555-1234</b>","status":401}]']);
    await genuine(t, await hub.provision('engine-1'));
    await dashboard.notice.getByText('The answer was 401 no class.').waitFor();
    assert.ok(!(await dashboard.kept()).includes('555-1234'));
    await nothingShown(dashboard);
  });

  test('a lost connection is made again', async (t) => {
    const { hub, middleman, dashboard } = await overheard(t);
    await dashboard.enter(hub.password);
    middleman.cut();
    await dashboard.notice.getByText('No connection to the server').waitFor();
    await dashboard.page.getByRole('heading', { name: 'Engines' }).waitFor();
    assert.equal(await dashboard.notice.isVisible(), false);
  });

  test('a clock that is off is told before it refuses everything', async (t) => {
    const hub = await startServer(t);
    const dashboard = await Dashboard.open(t, browser, hub.url, { off: 600 });
    await dashboard.signIn(hub.password);
    await dashboard.page.getByText('This machine’s clock is 10 min ahead of the server’s.').waitFor();
  });

  test('no secret leaves the page’s memory', async (t) => {
    const { hub, dashboard } = await entered(t);
    await dashboard.page.getByRole('button', { name: 'Renew the ticket' }).click();
    const [answer] = await Promise.all([dashboard.page.waitForResponse(`${hub.url}/ticket`), dashboard.signIn(hub.password)]);
    await dashboard.page.getByText((await answer.json()).owner, { exact: true }).waitFor();
    const tickets = await dashboard.tickets();
    assert.equal(tickets.length, 2);
    const seen = [await dashboard.kept(), ...dashboard.addresses, ...dashboard.complaints].join('\n');
    for (const text of [hub.password, ...tickets.flatMap((ticket) => secretsOf(ticket))]) {
      assert.ok(!seen.includes(text) && !seen.includes(encodeURIComponent(text)));
    }
    assert.deepEqual(dashboard.complaints, []);
  });

  test('a ticket ends, and what it showed with it', async (t) => {
    const { hub, dashboard } = await entered(t, { ticket_lifetime: 4 });
    await dashboard.notice.getByText('Your ticket has ended').waitFor();
    await nothingShown(dashboard);
    await dashboard.enter(hub.password);
    assert.deepEqual(dashboard.complaints, []);
  });
});

/** Nothing of what was shown may be left, not even hidden. */
async function nothingShown(dashboard) {
  assert.equal(await dashboard.page.locator('#board').isVisible(), false);
  assert.equal(await dashboard.page.locator('#session').isVisible(), false);
  assert.deepEqual(await dashboard.page.locator('#board tbody tr, #board li').allTextContents(), []);
}

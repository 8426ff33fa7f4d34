// Takes the README's picture of the dashboard anew: the real page before the real server, with engines at work and a few real refusals.
//
//   node examples/engine-bridge/test/screenshot.mjs [FILE]

import { fileURLToPath } from 'node:url';
import { launch } from '../../../tests/probes/js/chromium-launch.mjs';
import { attack } from '../run/attacker.mjs';
import { Dashboard } from './page.mjs';
import { silent, stranger } from './peers.mjs';
import { startEngine, startServer } from './server.mjs';

async function take(t, file) {
  const hub = await startServer(t);
  const browser = await launch();
  t.after(() => browser.close());
  const dashboard = await Dashboard.open(t, browser, hub.url, { viewport: SIZE, colorScheme: 'light' });
  await dashboard.enter(hub.password);
  await silent(t, await hub.provision('engine-12'));
  for (const [name, language] of Object.entries(ENGINES)) startEngine(t, language, await hub.provision(name));
  await stranger(hub.url);
  await attack(await hub.provision('engine-13'));
  for (const [engine, type] of JOBS) await job(dashboard, engine, type);
  await dashboard.refusals('').nth(3).waitFor();
  await dashboard.engine('engine-12').getByText('late').waitFor();
  await dashboard.page.mouse.move(0, 0);
  await dashboard.page.evaluate(() => document.activeElement.blur());
  await dashboard.page.screenshot({ path: file, fullPage: true });
}

async function job(dashboard, engine, type) {
  await dashboard.page.getByLabel('Job to send').selectOption(type);
  await dashboard.page.getByRole('button', { name: `Send a job to ${engine}` }).click();
  await dashboard.lastJob.filter({ hasText: engine }).filter({ hasText: type }).getByText(/Done|Failed/).waitFor();
}

const SIZE = { width: 1360, height: 860 };
const ENGINES = { 'engine-7': 'Node', 'engine-8': 'Python', 'engine-9': 'Node' };
const JOBS = [['engine-7', 'inspect'], ['engine-8', 'calibrate'], ['engine-9', 'fail'], ['engine-8', 'inspect']];

// What node:test does for a test.
const ends = [];
try {
  await take({ after: (end) => ends.unshift(end) }, process.argv[2] ?? fileURLToPath(new URL('../../../docs/engine-bridge.png', import.meta.url)));
} finally {
  for (const end of ends) await end();
}

// Engines whose machine has a wrong clock: they notice it themselves, by the server's signed welcome, and say by how much.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ENGINES, startEngine, startServer, temporaryFolder } from './server.mjs';

for (const language of Object.keys(ENGINES)) {
  for (const [ahead, code] of [[-600, 'not_yet_valid'], [600, 'expired']]) {
    test(`${language}: a clock ${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead'} is refused here as ${code}, and told`, async (t) => {
      const hub = await startServer(t);
      const wrong = { LD_PRELOAD: await clock(t), CLOCK_AHEAD: String(ahead) };
      const engine = startEngine(t, language, await hub.provision('engine-7'), wrong);
      const end = await engine.seen('its end', ({ event }) => event === 'disconnected');
      assert.deepEqual([end.reason, end.code], ['refused here', code]);
      assert.ok(Math.abs(end.clock_ahead - ahead) <= 2, `${end.clock_ahead} instead of ${ahead}`);
      assert.ok(!engine.lines.some(({ event }) => event === 'connected'));
    });
  }

  test(`${language}: a clock two seconds off is none the worse`, async (t) => {
    const hub = await startServer(t);
    for (const [name, ahead] of [['engine-1', -2], ['engine-2', 2]]) {
      const engine = startEngine(t, language, await hub.provision(name), { LD_PRELOAD: await clock(t), CLOCK_AHEAD: String(ahead) });
      await engine.seen('a receipt', ({ event }) => event === 'received');
    }
  });
}

async function clock(t) {
  const library = join(await temporaryFolder(t), 'clock.so');
  await promisify(execFile)('cc', ['-shared', '-fPIC', '-o', library, fileURLToPath(new URL('clock.c', import.meta.url)), '-ldl']);
  return library;
}

// Who is not the hub: the example's engines refuse it by themselves, say so, and find the genuine one again.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Impostor } from './impostor.mjs';
import { Scene } from './scene.mjs';
import { ENGINES, startEngine } from './server.mjs';
import { Wire } from './wire.mjs';

// Each mostly waits for its engine to try again.
describe('impostors', { concurrency: true }, () => {
  for (const language of Object.keys(ENGINES)) {
    test(`${language}: an impostor that offers a recorded session is refused, and its job is not done`, async (t) => {
      const { scene, engine, wire } = await recorded(t, language);
      const impostor = await Impostor.with(t, wire.answered.filter((text) => /^4[02]\/engine,/.test(text)));
      await refusedAt(impostor, engine, wire);
      assert.deepEqual(engine.lines.filter(named('job')).map(({ jobId }) => jobId), ['genuine'], 'the recorded job was done once');
      await foundAgain(scene, engine, wire);
    });

    test(`${language}: an impostor that offers the recorded job and no welcome opens nothing`, async (t) => {
      const { scene, engine, wire } = await recorded(t, language);
      const impostor = await Impostor.with(t, wire.answered.filter((text) => /^4(?:0\/engine,|2\/engine,\["job")/.test(text)));
      await refusedAt(impostor, engine, wire, 'malformed_argument');
      assert.deepEqual(engine.lines.filter(named('job')).map(({ jobId }) => jobId), ['genuine']);
      await foundAgain(scene, engine, wire);
    });

    test(`${language}: a recorded job, slipped into a session of today`, async (t) => {
      const { scene, engine, wire } = await recorded(t, language);
      const [job] = wire.answered.filter((text) => text.startsWith('42/engine,["job"')).map((text) => JSON.parse(text.slice('42/engine,'.length))[1]);
      wire.leadTo(scene.hub.port);
      await engine.seen('the next session', named('received'), engine.lines.findIndex(named('disconnected')));
      const from = engine.lines.length;
      wire.say('job', job);
      const { reason, code } = await engine.seen('the refusal', named('disconnected'), from);
      assert.deepEqual([reason, code], ['refused here', 'bad_signature']);
      assert.equal(engine.lines.filter(named('job')).length, 1);
      await foundAgain(scene, engine, wire);
    });
  }
});

/** An engine that has done a job, and all that the hub said to it. */
async function recorded(t, language) {
  const scene = await Scene.open(t);
  const wire = await Wire.to(t, scene.hub.port);
  const engine = startEngine(t, language, { ...(await scene.identity('engine-7')), url: wire.url });
  await engine.seen('a receipt', named('received'));
  await scene.hub.sendJob('engine-7', { jobId: 'genuine', jobType: 'render' });
  await scene.hub.trail.seen('its result', ({ event, user_id: user }) => event === 'JOB_RESULT' && user === 'engine-7');
  return { scene, engine, wire };
}

/** Leads the engine to the impostor, where it must end by itself. */
async function refusedAt(impostor, engine, wire, due = 'bad_signature') {
  const from = engine.lines.length;
  wire.leadTo(impostor.port);
  const end = await engine.seen('what it says of the impostor', (line) => line.event === 'disconnected' && line.reason === 'refused here', from);
  assert.equal(end.code, due);
  assert.ok(impostor.answered > 0);
  assert.ok(!engine.lines.slice(from).some(named('connected')));
}

/** Led back, it is served as before; and the honest engine has been all the time. */
async function foundAgain(scene, engine, wire) {
  const from = engine.lines.length;
  wire.leadTo(scene.hub.port);
  await engine.seen('a receipt', named('received'), from);
  await scene.honest.served();
}

function named(event) {
  return (line) => line.event === event;
}

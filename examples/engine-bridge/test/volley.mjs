// Attacks at once: each on a connection of its own, with bytes that are the test's to choose.

import { frame } from './frames.mjs';
import { Raw } from './raw.mjs';
import { Scene } from './scene.mjs';

export const MALFORMED = { code: 'malformed_packet' };
/** What the transport itself refuses is not told: who sent it can no longer be spoken to. */
export const CUT = { ...MALFORMED, told: [] };

/** Attacks of engines whose handshake was accepted: what each sends, made of a genuine packet's text, and what is expected of it. Returns the scene. */
export async function foiledEach(t, attacks) {
  const scene = await Scene.open(t);
  await scene.foiledAll(await Promise.all(attacks.map(async ([make, expected], at) => {
    const name = `rogue-${at}`;
    const engine = await welcomed(scene, name);
    const made = make(engine.sign('engine_status', { status: 'IDLE' }));
    engine.write(typeof made === 'string' ? frame(made, { masked: true }) : made);
    return [engine, { user: name, ...expected }];
  })));
  return scene;
}

/** Attacks of those who have shown no handshake. */
export async function strangersFoiled(t, attacks) {
  const scene = await Scene.open(t);
  await scene.foiledAll(await Promise.all(attacks.map(async (bytes) => {
    const stranger = await Raw.opened(t, scene.hub.port);
    stranger.write(bytes);
    return [stranger, { ...CUT, event: 'AUTH_FAILED', user: null }];
  })));
}

/** An engine whose handshake was accepted. */
export async function welcomed(scene, name) {
  return Raw.welcomed(scene.t, { identity: await scene.identity(name), port: scene.hub.port });
}

/** An event's text, with these arguments, each after a comma. */
export function event(text) {
  return `42/engine,["engine_status"${text}]`;
}

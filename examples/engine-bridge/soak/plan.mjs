// Who is who in a soak of that many engines, and what befalls them.

/**
 * Groups of engines, each in a process of its own: `tapped` ones, whose line the forger hears; `doomed` ones, whose process is killed `at` a
 * part of the time; `steady` ones, of whose connections so many are cut. Together a fifth of all engines are killed.
 */
export function plan(engines) {
  const names = Array.from({ length: engines }, (_, number) => `engine-${String(number + 1).padStart(4, '0')}`);
  const take = (count) => names.splice(0, count);
  const tapped = { name: 'tapped', engines: take(TAPPED), cuts: 0 };
  const doomed = DOOMED_AT.map((at, number) => ({ name: `doomed-${number + 1}`, engines: take(Math.ceil(engines * DOOMED_SHARE)), cuts: 0, at }));
  const cuts = Math.ceil(engines * KILLED_SHARE) - doomed.reduce((sum, group) => sum + group.engines.length, 0);
  const half = Math.ceil(names.length / 2);
  const steady = [take(half), take(half)].map((engines, number) => ({
    name: `steady-${number + 1}`,
    engines,
    cuts: number === 0 ? Math.ceil(cuts / 2) : Math.floor(cuts / 2),
  }));
  return [tapped, ...doomed, ...steady];
}

/** Who the forger may be: engines with a key and a token, which it uses to attack. As many as the tapped ones, for each robs one of these. */
export const FORGERS = ['forger-1', 'forger-2', 'forger-3', 'forger-4'];

const TAPPED = FORGERS.length;
const DOOMED_AT = [1 / 3, 2 / 3];
const DOOMED_SHARE = 0.025;
const KILLED_SHARE = 0.2;

// What Node's contests share: JSON on standard input, contenders by turns, one JSON object a contest on standard output.
import { readFileSync } from 'node:fs';

// Plays the contests wanted. A game is given its size and answers `{ product, peers, remark? }`: a turn, and under the name that the
// rows know it by, each peer's version and turn.
export async function play(version, runtime, games) {
  const given = JSON.parse(readFileSync(0, 'utf8'));
  for (const [contest, size] of given.wanted) {
    console.error(`  … ${contest} ${size}`);
    let answer;
    try {
      answer = { version, runtime, ...(await played(given, await games[contest](given, size))) };
    } catch (fault) {
      answer = { fault: String(fault) };
    }
    console.log(JSON.stringify({ contest, size, ...answer }));
  }
}

export function packageVersion(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}

// The items, a batch at a time, over and over.
export function* turns(items, batch) {
  for (;;) {
    for (let at = 0; at < items.length; at += batch) {
      yield { first: at === 0, items: items.slice(at, at + batch) };
    }
  }
}

// Nanoseconds of one call, the mean over the items. `all` goes over them and tells how many it accepted: with a loop of its own, V8
// compiles each contender for itself. What refuses by throwing ends the contest.
export function timed(items, all) {
  const begun = process.hrtime.bigint();
  const accepted = all(items);
  return checked(process.hrtime.bigint() - begun, accepted, items.length);
}

export async function timedAwaiting(items, all) {
  const begun = process.hrtime.bigint();
  const accepted = await all(items);
  return checked(process.hrtime.bigint() - begun, accepted, items.length);
}

// The fastest of several ways to write one peer, by a short heat of their own.
export async function fastest(ways, run) {
  const names = Object.keys(ways);
  const samples = await interleaved(HEAT, LEAST, names.map((name) => () => run(ways[name])));
  const medians = samples.map((list) => list.sort((one, other) => one - other)[list.length >> 1]);
  const name = names[medians.indexOf(Math.min(...medians))];
  return { name, way: ways[name] };
}

async function played(given, { product, peers }) {
  const sides = [product, ...Object.values(peers).map(({ turn }) => turn)];
  await interleaved(given.warm_up, 1, sides);
  const [ours, ...theirs] = await interleaved(given.seconds, LEAST, sides);
  const named = Object.entries(peers).map(([side, { version }], at) => ({ side, version, samples: theirs[at] }));
  return { product: ours, peers: named };
}

// The samples of each side: as many rounds as the time allows. Who begins changes from round to round.
async function interleaved(seconds, least, sides) {
  const samples = sides.map(() => []);
  const end = performance.now() + seconds * 1e3;
  for (let round = 0; round < least || performance.now() < end; round += 1) {
    for (let step = 0; step < sides.length; step += 1) {
      const side = (step + round) % sides.length;
      const sample = sides[side]();
      // Only what promises is awaited: what does not shall not be measured behind it.
      samples[side].push(typeof sample === 'number' ? sample : await sample);
    }
  }
  return samples;
}

function checked(elapsed, accepted, given) {
  if (accepted !== given) {
    throw new Error(`${given - accepted} of ${given} inputs were refused`);
  }
  return Number(elapsed) / given;
}

// Seconds for choosing between ways.
const HEAT = 0.1;
// Rounds that a median needs, however slow they are.
const LEAST = 11;

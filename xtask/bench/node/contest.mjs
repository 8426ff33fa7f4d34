// What Node's contests share: JSON on standard input, contenders by turns, one JSON object a contest on standard output.
import { readFileSync } from 'node:fs';

// Plays the contests wanted. A game is given its size and answers `{ product, peers, remark? }`: a turn, which takes so many calls and
// tells the nanoseconds of one, and under the name that the rows know it by, each peer's version and turn.
export async function play(version, runtime, games) {
  const given = JSON.parse(readFileSync(0, 'utf8'));
  for (const [at, [contest, size]] of given.wanted.entries()) {
    console.error(`  … ${contest} ${size}`);
    let answer;
    try {
      answer = { version, runtime, ...(await played(given, await games[contest](given, size), at === 0)) };
    } catch (fault) {
      answer = { fault: String(fault) };
    }
    console.log(JSON.stringify({ contest, size, ...answer }));
  }
}

export function packageVersion(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}

// The items, some at a time, over and over; `first` where from there on all come again.
export function turns(items) {
  let at = 0;
  return (calls) => {
    const count = Math.min(calls, items.length);
    at = at + count > items.length ? 0 : at;
    const taken = { first: at === 0, items: items.slice(at, at + count) };
    at += count;
    return taken;
  };
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
  const sides = names.map((name) => (calls) => run(ways[name], calls));
  const medians = (await interleaved(HEAT, LEAST, sides, sides.map(() => MOST))).map(median);
  const name = names[medians.indexOf(Math.min(...medians))];
  return { name, way: ways[name] };
}

// The first contest finds nothing compiled: it warms up for longer.
async function played(given, { product, peers, remark }, first) {
  const sides = [product, ...Object.values(peers).map(({ turn }) => turn)];
  let calls = sides.map(() => 1);
  for (let time = 0; time < 2; time += 1) {
    calls = (await interleaved((first ? 5 : 1) * given.warm_up, 2, sides, calls)).map(few);
  }
  const [ours, ...theirs] = await interleaved(given.seconds, LEAST, sides, calls);
  const named = Object.entries(peers).map(([side, { version }], at) => ({ side, version, samples: theirs[at] }));
  return { product: ours, peers: named, remark };
}

// The samples of each side: as many rounds as the time allows. Who begins changes from round to round.
async function interleaved(seconds, least, sides, calls) {
  const samples = sides.map(() => []);
  const end = performance.now() + seconds * 1e3;
  for (let round = 0; round < least || performance.now() < end; round += 1) {
    for (let step = 0; step < sides.length; step += 1) {
      const side = (step + round) % sides.length;
      const sample = sides[side](calls[side]);
      // Only what promises is awaited: what does not shall not be measured behind it.
      samples[side].push(typeof sample === 'number' ? sample : await sample);
    }
  }
  return samples;
}

// Calls in one turn: so few that the system seldom interrupts it, whether they are fast or slow.
function few(samples) {
  return Math.max(1, Math.min(MOST, Math.floor(TURN / median(samples))));
}

function median(samples) {
  return [...samples].sort((one, other) => one - other)[samples.length >> 1];
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
// Nanoseconds that a turn may take, but for a call that takes longer.
const TURN = 100_000;
const MOST = 100;

// Bounded waits that say what is waited for.

/** Waits for a promise; says after ten seconds, and each ten more, what for, and gives up after `patience` milliseconds. */
export async function waitFor(promise, what, patience, say) {
  const began = Date.now();
  const reminder = setInterval(() => say(`still waiting for ${what} (${Math.round((Date.now() - began) / 1000)} s)`), 10_000);
  let limit;
  const late = new Promise((_, reject) => {
    limit = setTimeout(() => reject(new Error(`${what} did not come within ${patience / 1000} s`)), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearInterval(reminder);
    clearTimeout(limit);
  }
}

// A headless Chromium for tests: Debian's, or the one that CHROMIUM_PATH names.

import { chromium } from 'playwright-core';

/** Starts it with a new profile, which is removed when it is closed. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
    headless: true,
    // As root, Chromium starts without its sandbox only.
    chromiumSandbox: process.getuid?.() !== 0,
    args: FLAGS,
  });
}

// Nothing leaves the machine: without these, each start looks up its maker's hosts.
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

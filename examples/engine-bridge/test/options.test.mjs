// The launcher's command line: what is wrong is said, with what is allowed.

import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import { test } from 'node:test';
import { readOptions, Usage } from '../run/options.mjs';

const PROGRAMS = ['--server', '/s', '--python', '/p'];

test('what is not said has a default', () => {
  assert.deepEqual(readOptions(PROGRAMS), { server: '/s', python: '/p', state: undefined, seconds: undefined, port: 0 });
});

test('each option is taken', () => {
  const { state, seconds, port } = readOptions([...PROGRAMS, '--for', '5', '--port=8080', '--state', 'kept']);
  assert.deepEqual([seconds, port, isAbsolute(state)], [5, 8080, true]);
});

for (const [args, said] of [
  [['--for', '0'], /--for must be a whole number from 1 to 86400, not 0/],
  [['--for', '1.5'], /--for/],
  [['--for', '1e3'], /--for/],
  [['--for='], /--for/],
  [['--port', '65536'], /--port must be a whole number from 0 to 65535/],
  [['--port', '-1'], /--port/],
  [['--state='], /--state/],
  [['--odd'], /--odd/],
  [['word'], /word/],
]) {
  test(`refused: ${args.join(' ')}`, () => {
    assert.throws(() => readOptions([...PROGRAMS, ...args]), (error) => error instanceof Usage && said.test(error.message));
  });
}

test('without its programs it says who gives them', () => {
  assert.throws(() => readOptions([]), /cargo xtask demo engine-bridge/);
});

// npm's http-message-signatures verifies our requests, and we verify its, over node:http.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from './ours.mjs';
import { told as theirs } from './theirs.mjs';
import { cases, changed, requestOf, send, serve } from './wire.mjs';

for (const [signer, verifier] of [[ours, theirs], [theirs, ours]]) {
  for (const { changes, ...described } of cases) {
    const { name, extra } = described;
    const start = async (context) => {
      const port = await serve(context, (authorities) => verifier.verifier(authorities, extra));
      return { port, signed: await signer.sign(requestOf(described, port), extra) };
    };

    test(`${signer.name} to ${verifier.name}: ${name}`, async (context) => {
      const { port, signed } = await start(context);
      assert.deepEqual(await send(port, signed), { caller: verifier.caller });
    });

    for (const { what, to, code } of changes) {
      test(`${signer.name} to ${verifier.name}: ${name}, changed in flight: ${what}`, async (context) => {
        const { port, signed } = await start(context);
        const other = changed(signed, to, port);
        assert.notDeepEqual(other, signed);
        const { refused, ...rest } = await send(port, other);
        assert.deepEqual(rest, {});
        assert.equal(typeof refused, 'string');
        if (verifier === ours) {
          assert.equal(refused, code);
        }
        // Nothing but the change was in the way.
        assert.deepEqual(await send(port, signed), { caller: verifier.caller });
      });
    }
  }
}

test('ours accepts a request once', async (context) => {
  const port = await serve(context, ours.verifier);
  const signed = await theirs.sign(requestOf(cases[0], port));
  assert.deepEqual([await send(port, signed), await send(port, signed)], [{ caller: 'gateway' }, { refused: 'replayed' }]);
});

test('a second signature, which theirs wrote beside ours, changes nothing', async (context) => {
  const port = await serve(context, ours.verifier);
  const both = await theirs.sign(ours.sign(requestOf(cases[2], port)), [], 'proxy');
  assert.match(new Map(both.fields).get('Signature-Input'), /^counterseal=.*, proxy=/);
  assert.deepEqual(await send(port, both), { caller: 'gateway' });
});

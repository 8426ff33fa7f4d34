// Requests over real connections: what Node's servers hand over verifies as it came.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import { test } from 'node:test';
import { json } from 'node:stream/consumers';
import * as native from 'counterseal';
import * as wasm from '@counterseal/wasm';
import { SECRET } from '../../wasm/test/suite/common.mjs';

const PATH = "/a%2Fb/execute?x=1&y=%C3%A9&z='";
const BODY = Buffer.from(JSON.stringify({ cmd: 'é'.repeat(50_000) }));
const engines = { native, wasm };

for (const [signing, verifying] of [['native', 'wasm'], ['wasm', 'native']]) {
  test(`http/1.1, signed by ${signing} and verified by ${verifying}`, async (context) => {
    const { port, send } = await serve(context, engines[signing], engines[verifying], http);
    const signed = send('POST', BODY);
    const answers = [await post(port, signed), await post(port, signed), await post(port, { ...send('POST', BODY), body: BODY.subarray(1) }), await post(port, send('DELETE'))];
    assert.deepEqual(answers, [{ owner: 'gateway', pieces: true }, { code: 'replayed' }, { code: 'body_mismatch' }, { owner: 'gateway', pieces: false }]);
    const { headers, ...rest } = send('POST', BODY);
    assert.deepEqual(await post(port, { ...rest, headers: [...headers, 'Content-Type', 'text/plain'] }), { code: 'malformed_request' });
  });

  test(`http/2, signed by ${signing} and verified by ${verifying}`, async (context) => {
    const { port, send } = await serve(context, engines[signing], engines[verifying], http2);
    const client = http2.connect(`http://127.0.0.1:${port}`);
    context.after(() => client.close());
    for (const body of [BODY, undefined]) {
      const { method, headers } = send('POST', body);
      const fields = Object.fromEntries(headers.map((name, index) => [name.toLowerCase(), headers[index + 1]]).filter((_, index) => index % 2 === 0));
      const stream = client.request({ ':method': method, ':path': PATH, ':authority': `127.0.0.1:${port}`, ...fields });
      stream.end(body);
      assert.deepEqual(await json(stream), { owner: 'gateway', pieces: body !== undefined });
    }
  });
}

// A server that verifies as a body comes; and what signs a call of it, as a client sends it.
async function serve(context, signing, verifying, protocol) {
  const server = protocol.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const { port } = server.address();
  const key = (api) => new api.Key('gateway-1', { secret: SECRET, owner: 'gateway' });
  const verifier = new verifying.RequestVerifier(new verifying.Keyring([key(verifying)]), { authorities: [`http://127.0.0.1:${port}`] });
  server.on('request', async (request, response) => response.end(JSON.stringify(await answer(verifier, request))));
  const signer = new signing.RequestSigner(key(signing));
  const send = (method, body) => {
    const headers = [['Content-Type', 'application/json']];
    const added = signer.sign({ method, url: `http://127.0.0.1:${port}${PATH}`, headers, body });
    return { method, body, headers: [...headers, ...added].flat() };
  };
  return { port, send };
}

async function answer(verifier, request) {
  const { method, url: target, rawHeaders: headers } = request;
  try {
    const pending = verifier.begin({ method, target, headers });
    let pieces = 0;
    for await (const piece of request) {
      pending.update(piece);
      pieces++;
    }
    return { owner: pending.finish().owner, pieces: pieces > 1 };
  } catch ({ code }) {
    return { code };
  }
}

// Header fields as a flat list go out as they stand, repeated ones too; Host and length are then the caller's to add.
async function post(port, { method, headers, body = Buffer.alloc(0) }) {
  const request = http.request({ host: '127.0.0.1', port, path: PATH, method, headers: ['Host', `127.0.0.1:${port}`, 'Content-Length', String(body.length), ...headers] });
  request.end(body);
  const [response] = await once(request, 'response');
  return json(response);
}

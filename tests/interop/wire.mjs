// Requests as they are on the wire, a server that asks whose they are, and a client that sends them.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { buffer, json } from 'node:stream/consumers';

/** A verifier said no; its word is the code, where it has one. */
export class Refused extends Error {}

export const { cases } = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8'));

/** A case as it is before anyone signs it. */
export function requestOf({ method, target, fields = {}, body = '' }, port) {
  return { method, target, fields: [['Host', `127.0.0.1:${port}`], ...Object.entries(fields)], body: Buffer.from(body, 'base64') };
}

/** As whoever calls the server writes it. */
export function urlOf({ target, fields }) {
  return `http://${new Map(fields).get('Host')}${target}`;
}

/** Each field replaced where it stands, or left out, or added at the end. */
export function changed(request, { fields = {}, body, ...to }, port) {
  const given = Object.entries({ ...Object.fromEntries(request.fields), ...fields });
  const told = given.filter(([, value]) => value !== null).map(([name, value]) => [name, value.replace('{port}', String(port))]);
  return { ...request, ...to, fields: told, body: body === undefined ? request.body : Buffer.from(body, 'base64') };
}

/** A server on loopback that has two names; `make` gets them and returns what verifies. */
export async function serve(context, make) {
  const server = http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const { port } = server.address();
  const verify = make([`http://127.0.0.1:${port}`, `http://localhost:${port}`]);
  server.on('request', async (request, response) => response.end(JSON.stringify(await answer(verify, request))));
  return port;
}

/** The caller or why it was refused. Nothing is added to the request but its length. */
export async function send(port, { method, target, fields, body }) {
  const headers = [...fields, ['Content-Length', String(body.length)], ['Connection', 'close']].flat();
  const request = http.request({ host: '127.0.0.1', port, method, path: target, headers });
  request.end(body);
  const [response] = await once(request, 'response');
  return json(response);
}

async function answer(verify, request) {
  const { method, url: target, rawHeaders } = request;
  const fields = Array.from({ length: rawHeaders.length / 2 }, (_, index) => rawHeaders.slice(2 * index, 2 * index + 2));
  try {
    return { caller: await verify({ method, target, fields, body: await buffer(request) }) };
  } catch (error) {
    // Any other error is not a refusal, and not to be taken for one.
    return error instanceof Refused ? { refused: error.message } : { broken: String(error) };
  }
}

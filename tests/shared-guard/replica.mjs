// A replica in Node. Each line of its input is a message that came, each line of its output what became of one.
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { CountersealError, Key, Keyring, PacketVerifier, RequestVerifier } from '../../node/dist/index.js';
import { RedisReplayGuard } from '../../node/dist/redis.js';

const { client, port, secret, timeout, max_age: maxAge } = JSON.parse(process.argv[2]);
const ring = new Keyring([new Key('engine-7', { secret })]);
const guard = new RedisReplayGuard(connected(), { timeout: timeout * 1000 });
const packets = new PacketVerifier(ring, { guard, maxAge });
const requests = new RequestVerifier(ring, { authorities: ['http://vault.internal:8200'], guard, maxAge });

for await (const line of createInterface({ input: process.stdin })) {
  void judged(JSON.parse(line)).then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
}
process.exit();

async function judged({ id, packet, request, now }) {
  try {
    await (packet === undefined ? requests.verifyAsync({ ...request, body: Buffer.from(request.body), now }) : packets.verifyAsync(packet, { context: 'c', now }));
    return { id, code: 'ok', status: 200 };
  } catch (error) {
    // What is no refusal must not pass for one: it ends the replica.
    return error instanceof CountersealError ? { id, code: error.code, status: error.status } : Promise.reject(error);
  }
}

function connected() {
  if (client === 'ioredis') {
    return new Redis({ port, host: '127.0.0.1' }).on('error', () => undefined);
  }
  const made = createClient({ socket: { port, host: '127.0.0.1' } }).on('error', () => undefined);
  made.connect().catch(() => undefined);
  return made;
}

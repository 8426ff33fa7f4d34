// Compiled, never run: which clients the guard in Redis takes.
import { Cluster, Redis } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';
import { Key, Keyring, PacketVerifier, RequestVerifier, SharedReplayGuard, type Verified } from '../dist/index.js';
import { RedisReplayGuard } from '../dist/redis.js';

const guard: SharedReplayGuard = new RedisReplayGuard(new Redis(), { scope: 'vault', timeout: 100, cluster: false });
new RedisReplayGuard(new Cluster([]), { cluster: true, warn: undefined });
new RedisReplayGuard(createClient());
new RedisReplayGuard(createClient({ RESP: 2 }));
new RedisReplayGuard(createClientPool());
new RedisReplayGuard(createCluster({ rootNodes: [] }), { cluster: true });
new RedisReplayGuard(createSentinel({ name: 'm', sentinelRootNodes: [] }));
const checked: Promise<void> = new RedisReplayGuard(new Redis(), { warn: (message) => message.trim() }).check();
const ring = new Keyring([new Key('k', { secret: new Uint8Array(32) })]);
const verified: Promise<Verified> = new PacketVerifier(ring, { guard }).verifyAsync('{}', { context: 'c', now: 1 });
const requests = new RequestVerifier(ring, { authorities: ['https://h'], guard });
const owner: Promise<string> = requests.begin({ method: 'GET', target: '/', headers: [] }).finishAsync({ now: 1 }).then((evidence) => evidence.owner);
new SharedReplayGuard({ claim: async (keys: string[], args: string[]) => keys.length + args.length });
void [checked, verified, owner];

// @ts-expect-error an address is no client
new RedisReplayGuard('redis://127.0.0.1');
// @ts-expect-error a guard of this process is no client
new RedisReplayGuard({ claim: async () => 0 });
// @ts-expect-error an unknown option
new RedisReplayGuard(new Redis(), { capacity: 5 });
// @ts-expect-error a store answers with a number
new SharedReplayGuard({ claim: async () => 'OK' });

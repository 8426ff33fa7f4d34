// A real Redis for one test: on a port and in a folder of its own, gone when the test is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts one with these settings besides. Without a redis-server nothing here can be shown, and that is no reason to skip it. */
export async function startRedis(context, ...settings) {
  const server = new RedisServer(settings);
  context.after(() => server.end());
  await server.start();
  return server;
}

class RedisServer {
  #settings;
  #process;
  #folder = mkdtempSync(join(tmpdir(), 'counterseal-redis-'));
  port;

  constructor(settings) {
    this.#settings = settings;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Returns when it takes connections; anew on the port that it had. */
  async start() {
    this.port ??= await freePort();
    const settings = ['--port', this.port, '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '', ...this.#settings];
    this.#process = spawn(process.env.REDIS_SERVER ?? 'redis-server', settings.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    await Promise.race([once(this.#process, 'spawn'), once(this.#process, 'error').then(([error]) => Promise.reject(error))]);
    const said = [];
    for await (const line of createInterface({ input: this.#process.stdout })) {
      said.push(line);
      if (line.includes('Ready to accept connections')) {
        this.#process.stdout.resume();
        return;
      }
    }
    throw new Error(`redis-server did not start:\n${said.join('\n')}`);
  }

  /** Ends it as a crash would. */
  async kill() {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
  }

  /** It holds its connections, and says nothing. */
  pause() {
    this.#process.kill('SIGSTOP');
  }

  resume() {
    this.#process.kill('SIGCONT');
  }

  async end() {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}

async function freePort() {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

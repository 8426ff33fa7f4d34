// Programs that read and write one JSON value a line. Secrets reach them that way, never as arguments or in the environment.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class Program {
  /** Every value that it has written. */
  lines = [];
  #child;
  #name;
  #output = [];
  #messages = [];
  #read = 0;
  #watchers = new Set();
  #ending = false;
  #ended;

  /** Starts it. `say` gets what it writes to standard error, under its name; `onLine` each value that it writes; `env` is more environment. */
  constructor(name, file, args, { say = () => {}, onLine = () => {}, env = {} } = {}) {
    this.#name = name;
    // In a group of its own: Ctrl-C is the launcher's to hear. It ends with its standard input, however we end.
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...env } });
    // A program that has died reads nothing more: `#end` tells.
    this.#child.stdin.on('error', () => {});
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#output.push(line);
      this.#messages.push(line);
      if (!this.#ending) say(`${name}: ${line}`);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#output.push(line);
      const value = parsed(line);
      this.lines.push(value);
      onLine(value);
      this.#wake();
    });
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('close', (code, signal) => this.#end(signal ?? code));
  }

  get pid() {
    return this.#child.pid;
  }

  /** Writes a value as a line. */
  tell(value) {
    this.write(JSON.stringify(value) + '\n');
  }

  /** Writes text as it stands. */
  write(text) {
    this.#child.stdin.write(text);
  }

  /** Writes a value, and waits for the line that answers. */
  ask(value) {
    this.tell(value);
    return this.next(`the answer to ${Object.keys(value)[0]}`);
  }

  /** The next line that nobody has taken. */
  next(what) {
    const at = this.#read++;
    return this.#when(what, () => this.lines[at]);
  }

  /** The first line from the `from`th on that `wanted` holds of. */
  seen(what, wanted, from = 0) {
    return this.#when(what, () => this.lines.slice(from).find(wanted));
  }

  /** Everything that it has written. */
  output() {
    return this.#output.join('\n');
  }

  /** What it has written to standard error. */
  messages() {
    return this.#messages.join('\n');
  }

  /** Ends it: by `signal`, or politely by closing its input; after five seconds by force. Returns its exit code, or the signal that ended it. */
  async end(signal) {
    this.#ending = true;
    if (this.#ended === undefined) {
      const closed = once(this.#child, 'close');
      if (signal === undefined) this.#child.stdin.end();
      else this.#child.kill(signal);
      const force = setTimeout(() => this.#child.kill('SIGKILL'), FORCE_MS);
      await closed;
      clearTimeout(force);
    }
    return this.#ended;
  }

  #when(what, find) {
    return new Promise((resolve, reject) => {
      const settle = (act, value) => {
        clearTimeout(limit);
        this.#watchers.delete(look);
        act(value);
      };
      const look = () => {
        const found = find();
        if (found !== undefined) settle(resolve, found);
        else if (this.#ended !== undefined) settle(reject, new Error(`${this.#name} ended (${this.#ended}) before ${what}`));
      };
      const limit = setTimeout(() => settle(reject, new Error(`${this.#name}: ${what} did not come within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }

  #wake() {
    for (const look of [...this.#watchers]) look();
  }

  #end(how) {
    this.#ended ??= how;
    this.#wake();
  }
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { notJson: line };
  }
}

const PATIENCE_MS = 60_000;
const FORCE_MS = 5000;

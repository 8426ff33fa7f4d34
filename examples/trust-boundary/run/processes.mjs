// Programs that answer a line of standard input with a line of standard output. Secrets go that way, never as arguments.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class Program {
  #child;
  #name;
  #lines = [];
  #waiting = [];
  #ending = false;
  #ended;
  #output = [];

  /** Starts it. What it writes to standard error is shown under its name. */
  constructor(name, file, args, say) {
    this.#name = name;
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    // A program that has died answers nothing more: `#end` tells.
    this.#child.stdin.on('error', () => {});
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#output.push(line);
      if (!this.#ending) say(`${name}: ${line}`);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#output.push(line);
      this.#take(line);
    });
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('close', (code, signal) => this.#end(signal ?? `exit code ${code}`));
  }

  /** Writes a value as a line, and waits for the line that answers. */
  ask(value) {
    this.#child.stdin.write(JSON.stringify(value) + '\n');
    return this.next();
  }

  /** The next line, as a value. */
  next() {
    if (this.#lines.length > 0) return Promise.resolve(this.#lines.shift());
    if (this.#ended !== undefined) return Promise.reject(this.#gone());
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** All lines that nobody has waited for. */
  drain() {
    return this.#lines.splice(0);
  }

  /** Everything that it has written. */
  output() {
    return this.#output.join('\n');
  }

  /** Ends it: politely, by closing its input; after five seconds by force. */
  async end() {
    // What it says of the others’ end would hide why all are ended.
    this.#ending = true;
    if (this.#ended !== undefined) return;
    const closed = once(this.#child, 'close');
    this.#child.stdin.end();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await closed;
    clearTimeout(force);
  }

  #take(line) {
    let value;
    try {
      value = JSON.parse(line);
    } catch {
      this.#waiting.shift()?.reject(new Error(`${this.#name} wrote a line that is not JSON: ${line.slice(0, 200)}`));
      return;
    }
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(value);
    else this.#lines.push(value);
  }

  #end(how) {
    this.#ended ??= how;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#gone());
  }

  #gone() {
    return new Error(`${this.#name} has ended before its time (${this.#ended})`);
  }
}

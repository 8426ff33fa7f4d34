// What a process uses, where the system tells (Linux).

import { readdir, readFile } from 'node:fs/promises';

/** `memory`, resident, in bytes; `processor` time in seconds; open `files`. Nothing where the system does not tell. */
export async function usage(pid) {
  try {
    const [status, stat] = await Promise.all(['status', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')));
    // The name in parentheses may hold spaces; behind it, fields 14 and 15 are ticks in user and kernel mode (proc(5)).
    const [user, kernel] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
    const memory = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)[1]) * 1024;
    return { memory, processor: (user + kernel) / TICKS, files: (await readdir(`/proc/${pid}/fd`)).length };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return {};
  }
}

const TICKS = 100;

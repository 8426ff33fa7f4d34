// What a process uses, where the system tells (Linux).

import { readFile } from 'node:fs/promises';

/** `memory`, resident, in bytes, and `processor` time in seconds; neither where the system does not tell. */
export async function usage(pid) {
  try {
    const [status, stat] = await Promise.all(['status', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')));
    // The name in parentheses may hold spaces; behind it, fields 14 and 15 are ticks in user and kernel mode (proc(5)).
    const [user, kernel] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
    return { memory: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)[1]) * 1024, processor: (user + kernel) / TICKS };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return {};
  }
}

const TICKS = 100;

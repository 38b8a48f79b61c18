import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errorCode } from '../files/system-errors.ts';

/**
 * When the process `pid` started, as text that no other process with the same number has; null where it is not alive or
 * the platform does not say. A killed process that nobody has waited for yet (a zombie) counts as gone.
 */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') return null;
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
    return text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
}

/** Whether the process that recorded (pid, start) is still the one with that number. */
export function isSameProcess(pid: number, start: string | null): boolean {
  if (process.platform === 'win32' || start === null) return exists(pid);
  return processStart(pid) === start;
}

/** This process's identity as the beginning of a file's name: '4711-9f3c2a1b'. */
export function processMark(): string {
  return markOf(process.pid, processStart(process.pid));
}

/** Whether a name begins with the mark of a process that is alive. */
export function isMarkedByLiving(name: string): boolean {
  const mark = /^([1-9]\d*)-[0-9a-z]+/.exec(name);
  if (!mark) return false;
  const pid = Number(mark[1]);
  return exists(pid) && markOf(pid, processStart(pid)) === mark[0];
}

function markOf(pid: number, start: string | null): string {
  const digest = start === null ? 'x' : createHash('sha256').update(start).digest('hex').slice(0, 8);
  return `${pid}-${digest}`;
}

function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in parentheses, may hold anything; fields are counted after its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${fields[19] ?? ''}`;
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Not ours to signal, but there.
    return errorCode(thrown) === 'EPERM';
  }
}

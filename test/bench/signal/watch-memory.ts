import { readdirSync, readFileSync } from 'node:fs';

/**
 * Watches the resident memory of this process's children, in MB, until `end` gives the largest that was seen. NaN where the
 * system does not tell (it does on Linux).
 */
export function watchMemory(): { end(): number } {
  let most = Number.NaN;
  const look = (): void => {
    for (const child of childrenOf(process.pid)) {
      const mb = residentMb(child);
      if (mb !== null && !(most >= mb)) most = mb;
    }
  };
  const timer = setInterval(look, 50);
  return {
    end: () => {
      look();
      clearInterval(timer);
      return most;
    },
  };
}

function childrenOf(parent: number): number[] {
  try {
    return readdirSync(`/proc/${parent}/task`).flatMap((thread) =>
      readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    // Not Linux, or a thread that has just ended.
    return [];
  }
}

function residentMb(pid: number): number | null {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

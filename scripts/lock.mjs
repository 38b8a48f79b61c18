/** One process at a time, by a file with its number in it. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does the work while no other process does it; the lock of a process that has died is taken.
 * @param {string} what 'to install': what another start of this clone is waited for
 */
export async function withLock(file, what, progress, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readText(file));
    if (holder > 0 && isAlive(holder)) {
      progress.show({
        stage: `Waiting for another start of this clone ${what}`,
        detail: `process ${holder}`,
      });
    } else if (Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 1000) {
      // A second's grace: between its creation and the number in it a lock is empty.
      fs.rmSync(file, { force: true });
    }
    await sleep(200);
  }
  try {
    await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // Gone in the meantime: as good as released.
    return '';
  }
}

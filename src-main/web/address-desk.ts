import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ResynthError, messageOf } from '../../src-preload/contract/errors/error.ts';
import { makeFolder } from '../files/folders.ts';
import { shownName, systemDetail } from '../files/system-errors.ts';
import { localAddress } from '../host/connection/local-address.ts';
import { connectLocally, listenLocally } from '../host/connection/local-socket.ts';
import { type LockAttempt, tryLockFile } from '../processes/lock-file.ts';

/** The place of a data folder's one web host. */
export interface AddressDesk {
  /** Opens the desk: whoever asks (another `npm start`) is given a new address. */
  open(newAddress: () => string): Promise<void>;
  close(): Promise<void>;
}

const patienceMs = 5000;
const pollMs = 50;

/**
 * Takes the place of the web host of a data folder, or gives an address of the one that runs already. Only processes of
 * this user can ask: the desk is a local socket.
 *
 * @throws ResynthError web/host-silent, when the one that runs does not answer; host/home-not-writable; files/not-writable.
 */
export async function takeDesk(root: string): Promise<{ desk: AddressDesk } | { address: string }> {
  await makeFolder(root);
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const attempt = tryLock(root);
    if ('lock' in attempt) return { desk: deskOf(root, () => attempt.lock.release()) };
    try {
      return { address: await askForAddress(root) };
    } catch (thrown) {
      // It may be starting, or ending.
      if (performance.now() < deadlineMs) await setTimeout(pollMs);
      else {
        const { pid } = attempt.holder;
        throw new ResynthError('web/host-silent', { pid, detail: messageOf(thrown) }, { cause: thrown });
      }
    }
  }
}

function tryLock(root: string): LockAttempt {
  try {
    return tryLockFile(path.join(root, 'web.lock'), 'held');
  } catch (thrown) {
    const params = { folder: shownName(root), detail: systemDetail(thrown) };
    throw new ResynthError('host/home-not-writable', params, { cause: thrown });
  }
}

function deskOf(root: string, release: () => void): AddressDesk {
  let stop: (() => Promise<void>) | undefined;
  return {
    open: async (newAddress) => {
      const listener = await listenLocally(localAddress(root, 'web'), (channel) => {
        channel.send(new TextEncoder().encode(newAddress()));
        channel.close();
      });
      stop = () => listener.close();
    },
    close: async () => {
      await stop?.();
      release();
    },
  };
}

async function askForAddress(root: string): Promise<string> {
  const channel = await connectLocally(localAddress(root, 'web'));
  return new Promise((resolve, reject) => {
    channel.onFrame((frame) => resolve(new TextDecoder().decode(frame)));
    channel.onClose((reason) => reject(new Error(reason)));
  });
}

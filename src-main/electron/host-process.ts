import process from 'node:process';
import { type HostNews, hostWish } from '../../src-preload/bridge/electron-messages.ts';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { openHostLink } from '../host/connection/host-link.ts';
import { watchTraining } from './watch-training.ts';

// The plain Node process behind the window: the host of the data folder or, where another process is that, what takes
// over from it. Electron's main process talks to it by JSON, and to the host by the local socket.

const [home] = process.argv.slice(2);

/** Resolves when the message has left, also where the window is gone. */
const tell = (news: HostNews): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(news, undefined, undefined, () => resolve());
  });

async function fail(thrown: unknown): Promise<never> {
  const { message, remedy } = asResynthError(thrown);
  await tell({ kind: 'failed', message, remedy });
  process.exit(1);
}

try {
  const link = await openHostLink({
    home: home || undefined,
    kind: 'electron',
    stays: true,
    onLost: (error) => void fail(error),
  });
  const stopWatching = watchTraining(link, (runs) => {
    void tell({ kind: 'training', runs, ours: link.host !== null });
  });
  let closing = false;
  const close = async (stopTraining: boolean): Promise<void> => {
    if (closing) return;
    closing = true;
    stopWatching();
    await link.close({ stopTraining });
    process.exit(0);
  };
  process.on('message', (message) => {
    const wish = hostWish.safeParse(message);
    if (wish.success) close(wish.data.stopTraining).catch(fail);
  });
  // Without its window it would be an orphan; runs that train are processes of their own.
  process.on('disconnect', () => void close(false).catch(fail));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void close(false).catch(fail));
  }
  await tell({ kind: 'ready', root: link.home.root });
} catch (thrown) {
  await fail(thrown);
}

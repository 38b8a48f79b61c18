import type { Home } from '../store/home.ts';
import { freeBytesAt } from './host-info.ts';
import type { Notices } from './notices.ts';

/** Below this a checkpoint of a larger net or two fill the disk. */
const nearlyFullBytes = 1e9;
const lookEveryMs = 30_000;

/** Shows a notice while the disk of the data folder is nearly full. Gives the way to end that. */
export function watchDisk(home: Home, notices: Notices, nearlyFull: () => void): () => void {
  const look = async (): Promise<void> => {
    const free = await freeBytesAt(home.root);
    if (free === null) return;
    if (free >= nearlyFullBytes) {
      notices.clear('disk-nearly-full');
      return;
    }
    nearlyFull();
    notices.show({
      id: 'disk-nearly-full',
      level: free < nearlyFullBytes / 10 ? 'error' : 'warning',
      // Rounded, so that it is not another notice at each look.
      message: `The disk of the data folder has only about ${Math.round(free / 1e8) / 10} GB left.`,
      remedy:
        'Free some space before training goes on: delete runs that are no longer needed, or the folder features, which is made again when it is needed.',
    });
  };
  void look();
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return () => clearInterval(timer);
}

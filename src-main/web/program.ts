import path from 'node:path';
import process from 'node:process';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { openHostLink } from '../host/connection/host-link.ts';
import { openHome } from '../store/home.ts';
import { takeDesk } from './address-desk.ts';
import { announce, offer } from './announce.ts';
import { defaultPort } from './listen.ts';
import { PageFiles } from './page-files.ts';
import { type StartFlags, parseStartFlags, startHelp } from './start-flags.ts';
import { openWebHost } from './web-host.ts';

const pageFolder = path.resolve(import.meta.dirname, '../../out/renderer');

/** `npm start` without a window: serves the page until it is interrupted, and says where. Resolves to the exit code. */
export async function runWebHost(argv: readonly string[]): Promise<number> {
  try {
    const flags = parseStartFlags(argv);
    if (flags.help) process.stdout.write(startHelp);
    else await start(flags);
    return 0;
  } catch (error) {
    const { message, remedy } = asResynthError(error);
    process.stderr.write(`${message}\n  ${remedy}\n`);
    return 1;
  }
}

async function start(flags: StartFlags): Promise<void> {
  const { root } = openHome(flags.home);
  const place = await takeDesk(root);
  if ('address' in place) {
    process.stdout.write(`Resynth runs already for ${root}.\n`);
    return offer(() => place.address, flags.open);
  }
  try {
    await serve(flags, place.desk.open);
  } finally {
    await place.desk.close();
  }
}

/** Serves the page of a data folder until this process is interrupted, or can no longer reach the folder's owner. */
async function serve(
  flags: StartFlags,
  openDesk: (newAddress: () => string) => Promise<void>,
): Promise<void> {
  const pageOrigin = process.env.RESYNTH_PAGE_ORIGIN;
  const page = pageOrigin === undefined ? new PageFiles(pageFolder) : null;
  const ending = Promise.withResolvers<void>();
  // Heard of below; it may come before.
  ending.promise.catch(() => undefined);
  interruptible(ending.resolve);
  const link = await openHostLink({ home: flags.home, kind: 'web', stays: true, onLost: ending.reject });
  try {
    const webHost = await openWebHost({
      page,
      port: flags.port ?? defaultPort,
      exactPort: flags.port !== undefined,
      shownOrigin: pageOrigin,
      onChannel: (channel) => link.attach(channel),
    });
    try {
      await openDesk(webHost.newAddress);
      const stopAnnouncing = await announce(webHost, flags);
      await ending.promise.finally(stopAnnouncing);
    } finally {
      await webHost.close();
    }
  } finally {
    process.stderr.write('Closing. Runs that train go on by themselves; the next start finds them.\n');
    await link.close();
  }
}

/** Calls back when the terminal, or the system, asks this process to end; the second time it ends at once. */
function interruptible(end: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      end();
      process.once(signal, () => process.exit(130));
    });
  }
}

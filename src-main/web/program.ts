import path from 'node:path';
import process from 'node:process';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { announce } from './announce.ts';
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
    else await serve(flags);
    return 0;
  } catch (error) {
    const { message, remedy } = asResynthError(error);
    process.stderr.write(`${message}\n  ${remedy}\n`);
    return 1;
  }
}

async function serve(flags: StartFlags): Promise<void> {
  const webHost = await openWebHost({
    page: new PageFiles(pageFolder),
    port: flags.port ?? defaultPort,
    exactPort: flags.port !== undefined,
    onChannel: () => undefined,
  });
  const stopAnnouncing = await announce(webHost, flags);
  await interrupted();
  stopAnnouncing();
  process.stderr.write('Closing. Runs that train go on; the next start finds them.\n');
  await webHost.close();
}

/** Resolves when the terminal, or the system, asks this process to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // A second one means at once.
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(130));
      });
    }
  });
}

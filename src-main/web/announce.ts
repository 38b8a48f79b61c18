import process from 'node:process';
import readline from 'node:readline';
import { defaultPort } from './listen.ts';
import { openInBrowser } from './open-in-browser.ts';
import type { StartFlags } from './start-flags.ts';

/** The part of a web host that is spoken of. */
interface Addressed {
  readonly port: number;
  newAddress(): string;
}

/**
 * Says where the page is, opens it where a browser can be opened, and answers the Enter key with another address. Returns
 * a function that ends the latter.
 */
export async function announce(
  host: Addressed,
  flags: Pick<StartFlags, 'open' | 'port'>,
): Promise<() => void> {
  if (flags.port === undefined && host.port !== defaultPort) {
    say(`Port ${defaultPort} has another program, so the page is on ${host.port}.`);
  }
  await offer(host.newAddress.bind(host), flags.open);
  if (!process.stdin.isTTY) {
    say('Another tab needs another address: `npm start` prints one while this runs.');
    return () => undefined;
  }
  say('Another tab needs another address: press Enter. Ctrl-C closes Resynth.');
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', () => say(`  ${host.newAddress()}`));
  return () => lines.close();
}

/** Opens one address in the browser where that can be done, else prints it. */
export async function offer(newAddress: () => string | Promise<string>, open: boolean): Promise<void> {
  const address = await newAddress();
  const obstacle = open ? await openInBrowser(address) : '--no-open was given';
  if (obstacle === null) {
    say('The page opens in your browser. If none appears, open this address; it works once, for one tab:');
    say(`  ${await newAddress()}`);
    return;
  }
  say(`Open this address in a browser; it works once, for one tab (none was opened: ${obstacle}):`);
  say(`  ${address}`);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

import { parseArgs } from 'node:util';
import { ResynthError, messageOf } from '../../src-preload/contract/errors/error.ts';

export interface StartFlags {
  help: boolean;
  /** Undefined: the usual one, or the next free. */
  port: number | undefined;
  /** Undefined: $RESYNTH_HOME, else this system's place. */
  home: string | undefined;
  /** Whether a browser is opened. */
  open: boolean;
}

/** What `npm start -- --help` prints. `--electron` and `--web` are scripts/start.mjs's own. */
export const startHelp = `npm start -- [--home DIR] [--port N] [--no-open] [--web | --electron]

  --home DIR   data folder; without it $RESYNTH_HOME, else the place of this system
  --port N     serve the page on exactly this port of 127.0.0.1; without it 47100, or the next one that is free
  --no-open    open no browser, only print the address
  --web        serve the page even where there is a window
  --electron   fetch Electron (about 120 MB, once) if it is not here, and open the window
`;

/**
 * The flags of `npm start`.
 *
 * @throws ResynthError web/bad-flag.
 */
export function parseStartFlags(argv: readonly string[]): StartFlags {
  const values = parse(argv);
  return {
    help: values.help ?? false,
    port: values.port === undefined ? undefined : portOf(values.port),
    home: values.home,
    open: values.open ?? true,
  };
}

/**
 * The data folder in an application's own command line, where the system and Chromium put flags of their own as well.
 * Undefined where none is given.
 */
export function homeFlag(argv: readonly string[]): string | undefined {
  const { home } = parseArgs({
    args: [...argv],
    strict: false,
    options: { home: { type: 'string' } },
  }).values;
  return typeof home === 'string' ? home : undefined;
}

function parse(argv: readonly string[]): { help?: boolean; port?: string; home?: string; open?: boolean } {
  try {
    return parseArgs({
      args: [...argv],
      allowNegative: true,
      options: {
        help: { type: 'boolean' },
        port: { type: 'string' },
        home: { type: 'string' },
        open: { type: 'boolean' },
        web: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new ResynthError('web/bad-flag', { flag: 'npm start', reason: messageOf(error) }, { cause: error });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new ResynthError('web/bad-flag', {
      flag: '--port',
      reason: `"${text}" is not a number from 0 to 65535`,
    });
  }
  return port;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { type StreamChannel, streamChannel } from './stream-channel.ts';

export interface ChildOptions {
  /** The child's entry file. */
  entry: string;
  /** The Node that runs it; in Electron this must not be its own binary. */
  nodePath?: string | undefined;
  /** Options for that Node. */
  nodeOptions?: readonly string[];
  /** The environment; ours by default. */
  env?: NodeJS.ProcessEnv;
  /** A file that takes what the child prints; without it stderr can be read here (`LastWords`) and stdout is dropped. */
  log?: number;
  /** Goes on when this process ends. */
  detached?: boolean;
}

/** A child process and the line to it, whose other end is `parentChannel`. */
export interface Child {
  process: ChildProcess;
  channel: StreamChannel;
}

/**
 * Starts a plain Node child with a line to it. What the child said before it died can all be heard: the 'close' event of
 * the process comes after it.
 */
export function startChild(options: ChildOptions): Child {
  const { log } = options;
  // Our own flags (a debugger's port, a test runner's loader) are not for the child.
  const { NODE_OPTIONS: _dropped, ...ours } = options.env ?? process.env;
  // What has been compiled once is not compiled again by each child: half of what starting one takes.
  const cache = getCompileCacheDir();
  const env = cache === undefined ? ours : { NODE_COMPILE_CACHE: path.dirname(cache), ...ours };
  const child = spawn(options.nodePath ?? process.execPath, [...(options.nodeOptions ?? []), options.entry], {
    env,
    // One pipe each way: a write that fails must not take along what is still to be read. 'overlapped' is a plain pipe
    // but on Windows, where Node can wait for no other.
    stdio: ['ignore', log ?? 'ignore', log ?? 'pipe', 'overlapped', 'overlapped'],
    detached: options.detached ?? false,
    windowsHide: true,
  });
  const [, , , output, input] = child.stdio;
  return {
    process: child,
    // Where the system had no room for one more process there are no pipes either; the 'error' event tells.
    channel: streamChannel({
      input: input instanceof Readable ? input : new PassThrough().end(),
      output: output instanceof Writable ? output : new PassThrough().end(),
    }),
  };
}

const keptCharacters = 2000;

/** The end of what a child wrote to stderr, for the report of its death. */
export class LastWords {
  #tail = '';

  constructor(child: ChildProcess) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#tail = (this.#tail + text).slice(-keptCharacters);
    });
  }

  /** The last line; '' where there was none. */
  get line(): string {
    return this.#tail.trim().split('\n').at(-1) ?? '';
  }
}

/** How a process ended, from its 'close' event: 'exit code 3', 'signal SIGSEGV'. */
export function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
}

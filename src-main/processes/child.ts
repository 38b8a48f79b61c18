import { type ChildProcess, fork } from 'node:child_process';

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

/** Starts a plain Node child that is talked to by messages, which carry typed arrays as they are. */
export function startChild(options: ChildOptions): ChildProcess {
  const { log } = options;
  // Our own flags (a debugger's port, a test runner's loader) are not for the child.
  const { NODE_OPTIONS: _dropped, ...env } = options.env ?? process.env;
  return fork(options.entry, [], {
    serialization: 'advanced',
    execPath: options.nodePath ?? process.execPath,
    execArgv: [...(options.nodeOptions ?? [])],
    env,
    stdio: log === undefined ? ['ignore', 'ignore', 'pipe', 'ipc'] : ['ignore', log, log, 'ipc'],
    detached: options.detached ?? false,
  });
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

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright';
import { chromiumExecutable } from './chromium.ts';

const root = path.resolve(import.meta.dirname, '../..');

export interface StartOptions {
  /** Its data folder. */
  home: string;
  /** 0: any port that is free. */
  port?: number;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/** `npm start -- --web --no-open` as a process of its own, without what npm and the set-up do before. */
export class WebHostProcess {
  readonly process: ChildProcess;
  #output = '';

  private constructor(options: StartOptions) {
    const { home, port = 0, args = [], env = {} } = options;
    this.process = spawn(
      process.execPath,
      [
        path.join(root, 'src-main', 'web', 'index.ts'),
        ...['--home', home, '--no-open', '--port', String(port)],
        ...args,
      ],
      { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  /** Starts it, and waits until it has printed an address, or has ended. */
  static async start(options: StartOptions): Promise<WebHostProcess> {
    buildPage();
    const host = new WebHostProcess(options);
    await host.until(/#secret=\S+/);
    return host;
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** The address that it printed last. */
  get address(): string {
    return this.#output.match(/http:\S+#secret=\S+/g)?.at(-1) ?? '';
  }

  /** A new address, as `npm start` in another terminal gives it. */
  async newAddress(home: string): Promise<string> {
    const other = await WebHostProcess.start({ home });
    await other.ended();
    return other.address;
  }

  /** Waits until the output matches; rejects when the process ends before. */
  async until(pattern: RegExp, timeoutMs = 30_000): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!pattern.test(this.#output)) {
      const { exitCode, signalCode } = this.process;
      const gone = exitCode !== null || signalCode !== null;
      if (gone || performance.now() > deadlineMs) {
        throw new Error(
          `the web host ${gone ? 'ended' : 'did not print'} ${String(pattern)}:\n${this.#output}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Its exit code or signal, once it has ended. */
  async ended(): Promise<number | string | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'close');
    return this.process.exitCode ?? this.process.signalCode;
  }

  /** Ends it as Ctrl-C does; 'SIGKILL' as a crash would. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    return this.ended();
  }
}

let built = false;

/** Builds the page if its sources have changed; processes that meet here wait for one another. */
function buildPage(): void {
  if (built) return;
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The page could not be built:\n${stderr}`);
  built = true;
}

/** A web host on a data folder of its own and a browser, for a file of tests. Null where there is no Chromium. */
export interface Bench {
  home: string;
  host: WebHostProcess;
  browser: Browser;
  /** Opens a tab at an address (a new one by default) and waits until it is connected. */
  open(options?: { address?: string; context?: BrowserContext; wait?: boolean }): Promise<OpenPage>;
  /** Ends the host (as a crash with SIGKILL) and starts it on the same port and folder. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  close(): Promise<void>;
}

export interface OpenPage {
  page: Page;
  /** What a page never has to say: refusals of the content security policy, errors that nobody caught. */
  complaints: string[];
}

/** Whether tests in a browser can run here; says so where not. */
export const browserHere = chromiumExecutable() !== null;

/** Starts a host and a browser. Close it in `afterAll`. A data folder that is given stays; its own one is removed then. */
export async function openBench(
  given: { home?: string; browserArgs?: readonly string[] } = {},
): Promise<Bench> {
  const executablePath = chromiumExecutable();
  if (executablePath === null) throw new Error('There is no Chromium: guard the tests with browserHere.');
  const home = given.home ?? (await mkdtemp(path.join(os.tmpdir(), 'resynth-page-')));
  const port = await freePort();
  const [host, browser] = await Promise.all([
    WebHostProcess.start({ home, port }),
    // As root Chromium has no sandbox of its own; the page has none of our rights either way.
    chromium.launch({
      executablePath,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...(given.browserArgs ?? [])],
    }),
  ]);
  let fresh = host.address;
  const bench: Bench = {
    home,
    host,
    browser,
    async open({ address, context, wait = true } = {}) {
      const where = address ?? (fresh || (await bench.host.newAddress(home)));
      if (address === undefined) fresh = '';
      const page = await (context ?? browser).newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) complaints.push(message.text());
      });
      await page.goto(where);
      if (wait) await connected(page);
      return { page, complaints };
    },
    async restart(signal) {
      await bench.host.stop(signal);
      bench.host = await WebHostProcess.start({ home, port });
      fresh = bench.host.address;
    },
    async close() {
      await browser.close();
      await bench.host.stop();
      if (given.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
  return bench;
}

/** Waits until the page has its line to the host: then its navigation is there. */
export async function connected(page: Page): Promise<void> {
  await page.getByRole('navigation').first().waitFor();
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

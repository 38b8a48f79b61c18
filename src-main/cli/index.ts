import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import process from 'node:process';

// Checked before anything else is loaded: native parts crash on an older Node instead of saying so.
const NEEDED_NODE = 22;
if (Number.parseInt(process.versions.node, 10) < NEEDED_NODE) {
  process.stderr.write(
    `error: Resynth needs Node ${NEEDED_NODE} or newer and this is ${process.versions.node}.\n` +
      '  Use `npm run resynth -- COMMAND`, which runs the Node that came with the project.\n',
  );
  process.exit(2);
}
enableCompileCache();

// npm runs scripts in the project's folder; paths mean what they say where the user typed them.
if (process.env.npm_lifecycle_event !== undefined && process.env.INIT_CWD !== undefined) {
  process.chdir(process.env.INIT_CWD);
}

// A reader that has seen enough (`| head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const interrupted = new AbortController();
// One Ctrl-C can arrive twice: from the terminal's group, and passed on by the programs that started this one.
const SAME_INTERRUPT_MS = 500;
let interruptedMs: number | undefined;
const interrupt = (): void => {
  const now = performance.now();
  if (interruptedMs !== undefined) {
    if (now - interruptedMs > SAME_INTERRUPT_MS) process.exit(130);
    return;
  }
  interruptedMs = now;
  process.stderr.write('\nStopping where it is safe. Once more to stop at once.\n');
  interrupted.abort();
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// Its terminal was closed: a training in the foreground is stopped and saved, as by Ctrl-C.
process.on('SIGHUP', interrupt);

const { runCommandLine } = await import('./program.ts');
const { boundCommands } = await import('../host/handlers.ts');
const { carryOutThere, leave } = await import('./carry-out.ts');

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

process.exitCode = await runCommandLine({
  argv: process.argv.slice(2),
  commands: boundCommands,
  carryOut: carryOutThere,
  version,
  stdout: { write: (text) => process.stdout.write(text), columns: process.stdout.columns ?? 100 },
  stderr: {
    isTTY: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    columns: process.stderr.columns ?? 100,
    write: (text) => process.stderr.write(text),
  },
  signal: interrupted.signal,
});
await leave(interrupted.signal, (text) => process.stderr.write(`${text}\n`));
// A command has ended when its result is printed; a handle that something left open must not keep the shell waiting.
// stdout may still be draining into a pipe, so the end waits for it.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));

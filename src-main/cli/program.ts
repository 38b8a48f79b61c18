import type { Command, CommandContext, ProgressEvent } from '../../src-preload/contract/command.ts';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { BoundCommand } from '../host/bind.ts';
import type { GlobalFlags } from './global-flags.ts';
import { commandHelp, overview } from './help.ts';
import { oneLine, wrap } from './layout.ts';
import { readInput, takeCommand } from './parse.ts';
import { absolutePaths } from './paths.ts';
import { ProgressLine, type ProgressSink } from './progress-line.ts';
import { renderOutput } from './render.ts';

/** The exit codes of the command line, as its help says. */
export const exitCodes = { done: 0, failed: 1, refused: 2, interrupted: 130 } as const;

/** The world around one command line; tests give their own. */
export interface CommandLine {
  argv: readonly string[];
  commands: readonly BoundCommand[];
  /** Has a command done: by whoever owns the data folder. `input` has been through the command's schema. */
  carryOut(bound: BoundCommand, input: Record<string, unknown>, context: CommandContext): Promise<unknown>;
  version: string;
  stdout: { write(text: string): void; columns: number };
  stderr: ProgressSink;
  signal: AbortSignal;
}

/** Runs one command line to its end and gives the exit code. Never throws. */
export async function runCommandLine(line: CommandLine): Promise<number> {
  const commands = line.commands.map((one) => one.command);
  // Known before the rest is read, so that a refusal too is JSON where JSON was asked for.
  const flags = line.argv.slice(0, line.argv.indexOf('--') < 0 ? undefined : line.argv.indexOf('--'));
  const globals = { json: flags.includes('--json'), debug: flags.includes('--debug') };
  let command: Command | undefined;
  let input: unknown;
  let homeDir: string | undefined;
  try {
    const taken = takeCommand(line.argv, commands);
    homeDir = taken.globals.homeDir;
    if (taken.globals.version) return say(line, taken.globals, { version: line.version }, line.version);
    if (taken.globals.help || taken.command === undefined) return help(line, taken.globals, taken, commands);
    command = taken.command;
    if (command.audience === 'window') throw new ResynthError('cli/window-only', { command: command.name });
    input = absolutePaths(command, readInput(command, taken.rest));
  } catch (thrown) {
    return refuse(line, globals, thrown, exitCodes.refused);
  }

  const progress = new ProgressLine(line.stderr);
  try {
    const bound = line.commands.find((one) => one.command === command);
    if (!bound) throw new ResynthError('cli/no-handler', { command: command.name });
    const output = await line.carryOut(bound, input as Record<string, unknown>, {
      homeDir,
      progress: (event: ProgressEvent) => progress.show(event),
      signal: line.signal,
    });
    progress.finish();
    const checked = command.output.safeParse(output);
    if (!checked.success) {
      const detail = checked.error.issues
        .map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`)
        .join('; ');
      throw new ResynthError('cli/bad-output', { command: command.name, detail });
    }
    if (globals.json) line.stdout.write(`${toJson(checked.data)}\n`);
    else line.stdout.write(`${renderOutput(command.name, checked.data, line.stdout.columns).join('\n')}\n`);
    // Stopped and saved is not done: `train && reconstruct` must not go on with half a run.
    if (line.signal.aborted) return exitCodes.interrupted;
    return command.partlyFailed?.(checked.data) ? exitCodes.failed : exitCodes.done;
  } catch (thrown) {
    progress.finish();
    const cancelled = line.signal.aborted;
    const error =
      cancelled && !(thrown instanceof ResynthError) ? new ResynthError('internal/cancelled') : thrown;
    return refuse(line, globals, error, cancelled ? exitCodes.interrupted : failureCode(error));
  }
}

function help(
  line: CommandLine,
  globals: GlobalFlags,
  asked: { command: Command | undefined; group: string | undefined },
  commands: readonly Command[],
): number {
  const columns = Math.min(110, line.stdout.columns);
  const text = asked.command ? commandHelp(asked.command, columns) : overview(commands, columns, asked.group);
  return say(line, globals, { help: text }, text);
}

function say(line: CommandLine, globals: { json: boolean }, asJson: unknown, asText: string): number {
  line.stdout.write(globals.json ? `${toJson(asJson)}\n` : `${asText}\n`);
  return exitCodes.done;
}

/** A setting or preset that a handler refuses is a word of the command line too: nothing was done yet. */
function failureCode(thrown: unknown): number {
  const { code } = asResynthError(thrown);
  return code === 'models/preset-unknown' || code.startsWith('models/setting-')
    ? exitCodes.refused
    : exitCodes.failed;
}

/** Prints an error: JSON on stdout where asked for, else message and remedy on stderr. */
function refuse(
  line: CommandLine,
  flags: { json: boolean; debug: boolean },
  thrown: unknown,
  exitCode: number,
): number {
  const error = asResynthError(thrown);
  if (flags.json) {
    line.stdout.write(`${toJson({ error: error.toJSON(), exitCode })}\n`);
  } else {
    const columns = Math.min(110, line.stderr.columns);
    const message = wrap(`error: ${oneLine(error.message)}`, columns);
    const remedy = wrap(oneLine(error.remedy), columns - 2).map((text) => `  ${text}`);
    line.stderr.write(`${[...message, ...remedy].join('\n')}\n`);
  }
  // The place in the code helps its authors only.
  if (flags.debug) line.stderr.write(`${stackOf(error)}\n`);
  return exitCode;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/** JSON in which numbers that are not finite survive as the strings "NaN", "Infinity" and "-Infinity". */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, one: unknown) => {
      if (typeof one === 'number' && !Number.isFinite(one)) return String(one);
      if (ArrayBuffer.isView(one) && !(one instanceof DataView)) return Array.from(one as Float32Array);
      return one;
    },
    2,
  );
}

import type { z } from 'zod';

/**
 * One command of the contract: the CLI's flags and help, the validation and (later) the window's calls are all derived
 * from it. `positionals` name the input fields that the CLI takes without a flag, in order; the last may be an array.
 */
export interface Command<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> {
  /** Words as typed: 'datasets add'. */
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  /** More, for the help of this command alone. */
  details?: string;
  input: Input;
  output: Output;
  positionals?: readonly (keyof z.input<Input> & string)[];
  /** Full command lines for the help, without the leading `npm run resynth --`. */
  examples?: readonly string[];
  /** 'window' for what only a window can use: the command line does not list it. */
  audience?: 'window';
  /** It only reads: a client may ask again by itself when the connection was lost meanwhile. */
  readOnly?: true;
  /** Whether part of the work failed although there is an output (some files of many): the CLI then exits with 1. */
  partlyFailed?(output: z.output<Output>): boolean;
}

/** Keeps the inferred types of a command. */
export function defineCommand<Input extends z.ZodObject, Output extends z.ZodType>(
  command: Command<Input, Output>,
): Command<Input, Output> {
  return command;
}

/** What a long command reports while it works. */
export interface ProgressEvent {
  /** What is being done and why, in a few words: 'Reading recordings'. */
  stage: string;
  done?: number;
  total?: number;
  unit?: 'files' | 'bytes' | 'steps' | 'epochs' | 'clips';
  detail?: string;
  /** Something the user should know and that does not stop the work; kept on screen, never overwritten. */
  warning?: string;
}

/** What a command's handler is given beside its input. */
export interface CommandContext {
  /** Data folder, undefined for the default one. */
  homeDir: string | undefined;
  progress(event: ProgressEvent): void;
  signal: AbortSignal;
}

export type Handler<C extends Command> = (
  input: z.output<C['input']>,
  context: CommandContext,
) => Promise<z.output<C['output']>>;

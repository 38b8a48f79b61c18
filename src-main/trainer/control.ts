import { readFileSync, rmSync, statSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import { asRunWriteError } from './write-error.ts';

/** What a live trainer can be told; each is obeyed before the next step. */
export const controlCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('pause') }),
  z.strictObject({ command: z.literal('resume') }),
  /** Save and end; the run can be resumed. `reason` is shown with it. */
  z.strictObject({ command: z.literal('stop'), reason: z.string() }),
  /** Train for this many epochs more than it was to. */
  z.strictObject({ command: z.literal('extend'), epochs: z.int().min(1) }),
]);

export type ControlCommand = z.output<typeof controlCommandSchema>;

const controlFileSchema = z.strictObject({ number: z.int(), message: controlCommandSchema });

/** Where the loop asks, between two steps, whether it was told something. */
export interface ControlSource {
  /** Commands since the last call, in order. */
  poll(): ControlCommand[];
}

/** Leaves a command in a run folder for its trainer, whichever process that is. Gives the number it will report obeyed. */
export function sendControl(file: string, message: ControlCommand): number {
  const number = (readControl(file)?.number ?? Date.now()) + 1;
  writeFileAtomicSync(file, JSON.stringify({ number, message }), {
    durable: false,
    asError: asRunWriteError,
  });
  return number;
}

/** Commands of the parent (`push`) and of other processes (the control file), in one queue. */
export class ControlInbox implements ControlSource {
  readonly #file: string;
  #queue: ControlCommand[] = [];
  #seen = '';
  /** Number of the last command read from the file. */
  obeyed = 0;

  constructor(file: string) {
    this.#file = file;
    // What was meant for an earlier trainer is not for this one.
    rmSync(file, { force: true });
  }

  push(command: ControlCommand): void {
    this.#queue.push(command);
  }

  poll(): ControlCommand[] {
    const stat = statSync(this.#file, { throwIfNoEntry: false, bigint: true });
    const identity = stat ? `${stat.ino}:${stat.mtimeNs}` : '';
    if (stat && identity !== this.#seen) {
      this.#seen = identity;
      const control = readControl(this.#file);
      if (control && control.number !== this.obeyed) {
        this.obeyed = control.number;
        this.#queue.push(control.message);
      }
    }
    const commands = this.#queue;
    this.#queue = [];
    return commands;
  }
}

function readControl(file: string): z.output<typeof controlFileSchema> | null {
  try {
    const parsed = controlFileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (thrown) {
    // Not there, or not ours to understand: nothing was asked.
    if (errorCode(thrown) === 'ENOENT' || thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

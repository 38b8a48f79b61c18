import type { z } from 'zod';
import type { Command } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { faultWords, issueWords } from '../../src-preload/contract/schema-words.ts';

/** What a command's schema makes of an input. Throws contract/bad-input. */
export function checkedInput<C extends Command>(command: C, input: unknown): z.output<C['input']> {
  const parsed = command.input.safeParse(input);
  if (parsed.success) return parsed.data as z.output<C['input']>;
  const [issue] = parsed.error.issues;
  const params = {
    command: command.name,
    field: issue?.path.join('.') || 'what was given',
    reason: issue ? issueWords(issue) : 'it is not allowed',
  };
  throw new ResynthError('contract/bad-input', params, { cause: parsed.error });
}

/** What a command's schema makes of an output. Throws contract/bad-output. */
export function checkedOutput<C extends Command>(command: C, output: unknown): z.output<C['output']> {
  const parsed = command.output.safeParse(output);
  if (parsed.success) return parsed.data as z.output<C['output']>;
  const params = { command: command.name, detail: faultWords(parsed.error) };
  throw new ResynthError('contract/bad-output', params, { cause: parsed.error });
}

/** Whether a call ends because the line to who asked was lost, rather than because somebody took it back. */
export function isLineLost(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason;
  return reason instanceof ResynthError && reason.code === 'contract/connection-lost';
}

/** A signal that says what `signal` says, but for the loss of the line to who asked. */
export function outlivesItsCaller(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const pass = (): void => {
    if (!isLineLost(signal)) controller.abort(signal.reason);
  };
  if (signal.aborted) pass();
  else signal.addEventListener('abort', pass, { once: true });
  return controller.signal;
}

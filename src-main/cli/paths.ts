import path from 'node:path';
import type { Command } from '../../src-preload/contract/command.ts';
import { fieldsOf } from '../../src-preload/contract/fields.ts';

/**
 * An input whose paths say where they are by themselves: the process that carries the command out may work in another
 * folder than the one where it was typed.
 */
export function absolutePaths(command: Command, input: Record<string, unknown>): Record<string, unknown> {
  const absolute = { ...input };
  for (const { key, isPath } of fieldsOf(command)) {
    if (!isPath) continue;
    const value = input[key];
    if (typeof value === 'string') absolute[key] = path.resolve(value);
    else if (Array.isArray(value)) absolute[key] = value.map((one) => path.resolve(String(one)));
  }
  return absolute;
}

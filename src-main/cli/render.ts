import { renderAnything } from './render/anything.ts';
import { renderers } from './render/registry.ts';

/** The output of a command as lines for a reader. A command without a layout of its own gets the general one. */
export function renderOutput(commandName: string, output: unknown, columns: number): string[] {
  const own = renderers.get(commandName);
  return own ? own(output, columns) : renderAnything(output, Math.min(140, columns));
}

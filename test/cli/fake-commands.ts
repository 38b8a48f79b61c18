import { z } from 'zod';
import { defineCommand } from '../../src-preload/contract/command.ts';
import { bind } from '../../src-main/host/bind.ts';
import type { HostContext } from '../../src-main/host/services.ts';
import { runCommandLine } from '../../src-main/cli/program.ts';

/** A command with every kind of field that the command line reads. */
export const paint = defineCommand({
  name: 'paint',
  summary: 'Paints walls.',
  input: z.strictObject({
    walls: z.array(z.string().min(1)).min(1).meta({ title: 'Walls', placeholder: 'WALL' }),
    colour: z.enum(['red', 'green', 'blue']).default('red').meta({ title: 'Colour' }),
    layers: z
      .int()
      .min(0)
      .max(9)
      .default(2)
      .meta({ title: 'Layers', unit: 'layers', help: 'More cover more.' }),
    widthMm: z.number().min(0.5).optional().meta({ title: 'Brush width', unit: 'mm' }),
    primer: z.boolean().default(true).meta({ title: 'Primer' }),
    dryRun: z.boolean().default(false).meta({ title: 'Only say what would be done' }),
    stopAt: z
      .union([z.enum(['best', 'last']), z.int().min(0)])
      .default('best')
      .meta({ title: 'Where to stop' }),
    set: z.record(z.string(), z.string()).default({}).meta({ title: 'Other settings' }),
    tag: z.array(z.string()).default([]).meta({ title: 'Tags' }),
    title: z.string().optional().meta({ title: 'Name of the job' }),
  }),
  output: z.strictObject({ painted: z.int(), failed: z.array(z.string()), ratio: z.number().optional() }),
  positionals: ['walls'],
  examples: ['paint north south --colour blue'],
  partlyFailed: (output) => output.failed.length > 0,
});

export const listWalls = defineCommand({
  name: 'walls list',
  summary: 'Lists walls.',
  input: z.strictObject({}),
  output: z.array(z.strictObject({ name: z.string(), durationSec: z.number() })),
});

export const removeWall = defineCommand({
  name: 'walls remove',
  summary: 'Removes a wall.',
  input: z.strictObject({ name: z.string().min(1).meta({ title: 'Name' }) }),
  output: z.strictObject({ removed: z.string() }),
  positionals: ['name'],
});

export const fakeCommands = [paint, listWalls, removeWall];

export interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
  homeDir: string | undefined;
}

/** Runs a command line against the fakes; a wall named 'wet' fails, one named 'crash' throws, 'wait' waits to be cancelled, 'late' saves then. */
export async function runFake(argv: string[], signal = new AbortController().signal): Promise<Outcome> {
  const out: Outcome = { exitCode: -1, stdout: '', stderr: '', homeDir: undefined };
  out.exitCode = await runCommandLine({
    argv,
    version: '9.9.9',
    signal,
    stdout: { columns: 100, write: (text) => void (out.stdout += text) },
    stderr: { isTTY: false, columns: 100, write: (text) => void (out.stderr += text) },
    carryOut: async (bound, input, context) => (await bound.load())(input, context as HostContext),
    commands: [
      bind(paint, async () => async (input, context) => {
        out.homeDir = context.homeDir;
        context.progress({ stage: 'Painting', done: 1, total: input.walls.length });
        if (input.walls.includes('crash')) throw new Error('the ladder fell');
        if (input.walls.includes('lie')) return { painted: 0.5, failed: [] };
        if (input.walls.includes('wait')) {
          await new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          );
        }
        if (input.walls.includes('late')) {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        }
        const failed = input.walls.filter((wall) => wall === 'wet');
        return { painted: input.walls.length - failed.length, failed };
      }),
      bind(listWalls, async () => async () => [{ name: 'north', durationSec: 61 }]),
      bind(removeWall, async () => async (input) => ({ removed: input.name })),
    ],
  });
  return out;
}

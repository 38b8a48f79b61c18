import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { demoOutputSchema, type DemoOutput } from '../../../src-preload/contract/commands/demo.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';

const stateSchema = z.strictObject({
  schema: z.literal(1),
  /** What the demo was asked for: another key is another demo. */
  key: z.string(),
  /** The run that it trains or has trained, null before there is one. */
  run: z.string().nullable(),
  /** The finished demo. */
  output: demoOutputSchema.nullable(),
});

export type DemoState = z.output<typeof stateSchema>;

/** Short, and the same for the same request. */
export function demoKey(request: Record<string, unknown>): string {
  const sorted = Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 8);
}

function stateFile(folder: string): string {
  return path.join(folder, 'demo.json');
}

/** What an earlier demo of this key left in the folder; null where there is nothing, or nothing that can be read. */
export async function readDemoState(folder: string, key: string): Promise<DemoState | null> {
  let text: string;
  try {
    text = await readFile(stateFile(folder), 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    // Not ours, or damaged: the demo is made again, which loses nothing that cannot be made.
    return null;
  }
  const parsed = stateSchema.safeParse(raw);
  return parsed.success && parsed.data.key === key ? parsed.data : null;
}

export async function writeDemoState(folder: string, state: DemoState): Promise<void> {
  await writeFileAtomic(stateFile(folder), `${JSON.stringify(stateSchema.parse(state), null, 2)}\n`);
}

/** The finished demo, if its page is still there. */
export async function finishedDemo(state: DemoState | null): Promise<DemoOutput | null> {
  if (!state?.output) return null;
  const page = await stat(state.output.page).catch(() => null);
  return page?.isFile() ? { ...state.output, reused: true } : null;
}

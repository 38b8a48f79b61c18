import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Work } from './work.ts';

const answerSchema = z.object({ sec: z.number(), cpuSec: z.number(), sum: z.number(), frames: z.int() });
export type LibrosaDone = z.output<typeof answerSchema>;

export interface Librosa {
  versions: string;
  run(work: Work): Promise<LibrosaDone>;
  close(): void;
}

/** A Python with librosa and soundfile (RESYNTH_PYTHON, else python3) that waits for work, or why there is none. */
export async function startLibrosa(firstFile: string): Promise<Librosa | { missing: string }> {
  const python = process.env.RESYNTH_PYTHON || 'python3';
  const probe = spawnSync(python, ['-c', 'import librosa, soundfile'], { encoding: 'utf8' });
  if (probe.status !== 0) {
    const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1) ?? `exit ${probe.status}`;
    return { missing: `no librosa to compare with: ${python}: ${reason}; name a Python with RESYNTH_PYTHON` };
  }
  const script = path.join(import.meta.dirname, '..', 'torch', 'librosa_signal.py');
  const child = spawn(python, [script, firstFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done) throw new Error('The librosa side of the benchmark ended early; its message is above.');
    return JSON.parse(line.value);
  };
  const about = z.object({ version: z.string(), soundfile: z.string() }).parse(await answer());
  return {
    versions: `librosa ${about.version}, soundfile ${about.soundfile}`,
    run: async (work) => {
      child.stdin.write(`${JSON.stringify(work)}\n`);
      return answerSchema.parse(await answer());
    },
    close: () => void child.stdin.end(),
  };
}

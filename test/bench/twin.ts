import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

const folder = path.join(import.meta.dirname, 'torch');

/** A Python with PyTorch, or why there is none. */
export type PythonSearch = { python: string; torch: string } | { missing: string };

/** Looks at RESYNTH_PYTHON, then python3: the first in which `import torch` works. */
export function findTorch(): PythonSearch {
  const chosen = process.env.RESYNTH_PYTHON;
  const python = chosen || 'python3';
  const probe = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
  if (probe.status === 0) return { python, torch: probe.stdout.trim() };
  const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1) ?? `exit ${probe.status}`;
  const advice = chosen ? '' : '; name one with RESYNTH_PYTHON';
  return { missing: `no PyTorch to compare with: ${python}: ${reason}${advice}` };
}

const answers = {
  build: z.object({ parameters: z.int(), version: z.string() }),
  steps: z.object({ ms: z.array(z.number()) }),
  train: z.object({ mse: z.number(), trainingMse: z.number() }),
};

/** The Python process that runs the PyTorch twins (torch/serve.py), asked one thing at a time. */
export class TorchTwins {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(python: string) {
    this.#child = spawn(python, ['-u', path.join(folder, 'serve.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async ask<Operation extends keyof typeof answers>(
    operation: Operation,
    request: Record<string, unknown>,
  ): Promise<z.output<(typeof answers)[Operation]>> {
    this.#child.stdin.write(`${JSON.stringify({ op: operation, ...request })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`The PyTorch twin ended during "${operation}"; its error is above.`);
    return answers[operation].parse(JSON.parse(value)) as z.output<(typeof answers)[Operation]>;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

import { runContest } from '../contest.ts';
import type { BenchRow } from '../report.ts';
import type { SectionOptions } from '../sections.ts';
import { findTorch } from '../twin.ts';
import { batch, bins, compileDynamical, presets } from './nets.ts';

/** A training step of each dynamical VAE, 32 sequences of 50 and of 150 frames, against its twin in eager PyTorch. */
export async function benchDvaeSteps({ threads, only, progress }: SectionOptions): Promise<BenchRow[]> {
  const search = findTorch();
  const rows: BenchRow[] = [];
  for (const frames of [50, 150]) {
    for (const [net, preset] of Object.entries(presets)) {
      const name = `${net}, ${batch} x ${frames} x ${bins}`;
      if (only !== undefined && !name.includes(only)) continue;
      progress(`dvae: ${name}`);
      rows.push(
        ...(await runContest(
          'dvae',
          {
            name,
            batch,
            target: 1.5,
            rounds: 5,
            stepsARound: frames === 50 ? 5 : 3,
            compile: () => compileDynamical(preset, frames),
            scalars: { learningRate: 1e-3 },
            twins: { PyTorch: { net, seed: 0, threads, batch, config: { frames, bins } } },
          },
          search,
          progress,
        )),
      );
    }
  }
  return rows;
}

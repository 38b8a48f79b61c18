import type { EvaluatedSystem } from '../commands/evaluate.ts';

/** What of a run's evaluation is not as it mostly is, in a few words each: '8-bit code', 'sampled codes', 'free-running'. */
export function unusualOf({
  bitsPerCodeNumber: bits,
  latent,
  feedback,
  seed,
}: Extract<EvaluatedSystem, { kind: 'run' }>): string[] {
  return [
    ...(bits === 32 ? [] : [`${bits}-bit code`]),
    ...(latent === 'sample' ? [`sampled codes, seed ${seed}`] : []),
    ...(feedback === 'own' ? ['free-running'] : []),
  ];
}

import path from 'node:path';
import type { featuresCommand } from '../../src-preload/contract/commands/features.ts';
import { readSettings } from '../dsp/features/settings.ts';
import type { HostHandler } from './services.ts';

/**
 * Features of one recording into a NumPy file, by a child process.
 *
 * @throws ResynthError features/unknown-setting, features/bad-setting, features/too-short; any of `audio/*`; files/*.
 */
export const handleFeatures: HostHandler<typeof featuresCommand> = async (input, { services, progress }) => {
  const settings = readSettings(input.kind, input.set, input.convention);
  const [file, out] = [path.resolve(input.file), path.resolve(input.out)];
  const made = await services.analysts.run({ kind: 'extract', file, out, settings });
  for (const warning of made.warnings) progress({ stage: 'Computing features', warning });
  const { kind, ...used } = made.settings;
  return {
    file,
    out,
    kind,
    shape: made.shape,
    dtype: made.dtype,
    fortranOrder: made.fortranOrder,
    sampleRateHz: made.sampleRateHz,
    sourceSampleRateHz: made.sourceSampleRateHz,
    samples: made.samples,
    hopSec: 'hop_length' in used ? (used.hop_length ?? 0) / made.sampleRateHz : 0.1,
    convention: input.convention,
    settings: Object.fromEntries(Object.entries(used).filter(([, value]) => value !== undefined)),
    figures: made.figures,
    warnings: made.warnings,
  };
};

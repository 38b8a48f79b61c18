import type { samplersOffered } from '../../../src-preload/contract/commands/samplers.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Preset } from '../../models/family.ts';
import { loadPresets } from '../../models/presets.ts';
import { familyById } from '../../models/registry.ts';
import { findBase } from '../runs/sampler-base.ts';
import type { Trainers } from '../runs/trainers.ts';
import type { HostHandler } from '../services.ts';

/** Every preset of a sampler, with what keeps it from being trained on a run; no tensors are read. */
export const handleSamplersOffered: HostHandler<typeof samplersOffered> = async (input, { services }) => {
  const { trainers } = services;
  const presets = loadPresets().filter(({ family }) => familyById(family).samples);
  return {
    samplers: await Promise.all(
      presets.map(async (preset) => ({
        ...{ preset: preset.id, title: preset.title, summary: preset.summary },
        ...(await hindranceOf(preset, input.run, trainers)),
      })),
    ),
  };
};

async function hindranceOf(
  { family, model }: Preset,
  base: string,
  trainers: Pick<Trainers, 'resolve'>,
): Promise<{ hindrance: string | null; remedy: string | null }> {
  try {
    await findBase(trainers, { family, model: { ...model, base } });
    return { hindrance: null, remedy: null };
  } catch (thrown) {
    // A run that is not there is nothing that a sampler lacks.
    if (!(thrown instanceof ResynthError) || !thrown.code.startsWith('models/base-')) throw thrown;
    return { hindrance: thrown.message, remedy: thrown.remedy };
  }
}

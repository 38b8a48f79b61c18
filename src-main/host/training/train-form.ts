import type { trainForm } from '../../../src-preload/contract/commands/train-form.ts';
import { accountBitrate } from '../../models/bitrate.ts';
import { codeNumbersOf } from '../../models/code-size.ts';
import { parameterCount, type ResolvedConfig } from '../../models/config.ts';
import { clipSeconds } from '../../dsp/pipeline.ts';
import { formFields, tryOverrides } from '../../models/form.ts';
import { stepMemoryBytes } from '../../models/memory.ts';
import { presetById } from '../../models/presets.ts';
import { familyById } from '../../models/registry.ts';
import type { HostHandler } from '../services.ts';

/**
 * The settings of a preset as a form, and what follows from them. All of it comes from schemas and shapes: it is asked at
 * every key that is pressed, and TensorFlow is not loaded.
 */
export const handleTrainForm: HostHandler<typeof trainForm> = async ({ preset: id, set }) => {
  const preset = presetById(id);
  const tried = tryOverrides(preset, set);
  const { config, problems } = tried;
  const { trainable, nonTrainable, total } = parameterCount(config);
  return {
    preset: preset.id,
    title: preset.title,
    family: preset.family,
    summary: preset.summary,
    paper: preset.paper ?? null,
    fields: formFields(preset, tried, set),
    problems,
    parameters: { trainable, nonTrainable, total },
    inputShape: [...familyById(preset.family).inputShape(config.features)],
    kilobitsPerSecond: kilobitsPerSecond(config),
    memoryBytes: stepMemoryBytes(config),
  };
};

/** Of a code of 32-bit numbers and the clip's two extremes, over the padded clip; null for a family without such a code. */
function kilobitsPerSecond(config: ResolvedConfig): number | null {
  const codeNumbers = codeNumbersOf(config);
  if (codeNumbers === null) return null;
  const clip = { codeNumbers, bitsPerCodeNumber: 32, secondsMeaning: 'padded' as const };
  return accountBitrate({ ...clip, seconds: clipSeconds(config.features) }).kilobitsPerSecond;
}

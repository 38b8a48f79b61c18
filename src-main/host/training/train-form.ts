import type { trainForm } from '../../../src-preload/contract/commands/train-form.ts';
import { accountBitrate } from '../../models/bitrate.ts';
import { codeNumbersOf, indexBitsOf, sideNumbersOf } from '../../models/code-size.ts';
import { parameterCount, type ResolvedConfig } from '../../models/config.ts';
import { clipSeconds } from '../../dsp/pipeline.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Preset } from '../../models/family.ts';
import { formFields, type SettingProblem, tryOverrides } from '../../models/form.ts';
import { stepMemoryBytes } from '../../models/memory.ts';
import { presetById } from '../../models/presets.ts';
import { familyById } from '../../models/registry.ts';
import { findBase, type SamplerBase, withBase } from '../runs/sampler-base.ts';
import type { HostContext, HostHandler } from '../services.ts';

/**
 * The settings of a preset as a form, and what follows from them. All of it comes from schemas and shapes: it is asked at
 * every key that is pressed, and TensorFlow is not loaded.
 */
export const handleTrainForm: HostHandler<typeof trainForm> = async ({ preset: id, set }, { services }) => {
  const preset = presetById(id);
  const base = await baseOf(preset, set, services.trainers);
  const tried = tryOverrides(preset, set, (config) => (base.found ? withBase(config, base.found) : config));
  if (base.problem) tried.problems.push({ setting: 'model.base', ...base.problem });
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
    inputShape: [...familyById(preset.family).inputShape(config.features, config.model)],
    kilobitsPerSecond: kilobitsPerSecond(config),
    memoryBytes: stepMemoryBytes(config),
  };
};

/** The run that a sampler is of, or why there is none yet; neither for other families. */
async function baseOf(
  { family, model }: Preset,
  set: Readonly<Record<string, string>>,
  trainers: HostContext['services']['trainers'],
): Promise<{ found?: SamplerBase; problem?: Pick<SettingProblem, 'message' | 'remedy'> }> {
  const base = set['model.base'] ?? set.base ?? '';
  try {
    const found = await findBase(trainers, { family, model: { ...model, base } });
    return found ? { found } : {};
  } catch (thrown) {
    if (!(thrown instanceof ResynthError)) throw thrown;
    return { problem: { message: thrown.message, remedy: thrown.remedy } };
  }
}

/** Of a code of indices or 32-bit numbers and the clip's two extremes, over the padded clip; null for a family without such a code. */
function kilobitsPerSecond(config: ResolvedConfig): number | null {
  const codeNumbers = codeNumbersOf(config);
  if (codeNumbers === null) return null;
  const clip = {
    codeNumbers,
    bitsPerCodeNumber: indexBitsOf(config) ?? 32,
    sideNumbers: sideNumbersOf(config),
    secondsMeaning: 'padded' as const,
  };
  return accountBitrate({ ...clip, seconds: clipSeconds(config.features) }).kilobitsPerSecond;
}

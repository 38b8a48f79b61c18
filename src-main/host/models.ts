import { allowedWords } from '../models/allowed.ts';
import type { z } from 'zod';
import type { Handler } from '../../src-preload/contract/command.ts';
import type { modelListing, modelsCommand } from '../../src-preload/contract/commands/models.ts';
import { modelKinds } from '../../src-preload/contract/model-kinds.ts';
import { clipSeconds } from '../dsp/pipeline.ts';
import { accountBitrate, pondClaim } from '../models/bitrate.ts';
import { codeNumbersOf, indexBitsOf, sideNumbersOf } from '../models/code-size.ts';
import { parameterCount, presetValues, sections, sectionSchemas, shapeOf } from '../models/config.ts';
import { familyById } from '../models/registry.ts';
import { formatSetting } from '../models/overrides.ts';
import { loadPresets, presetById } from '../models/presets.ts';
import type { Family, Preset } from '../models/family.ts';

type Listing = z.output<typeof modelListing>;

/** The presets with their counts, kind by kind, taken from shapes alone: TensorFlow is not loaded. */
export const listModels: Handler<typeof modelsCommand> = async ({ preset }) => {
  const presets = preset === undefined ? loadPresets() : [presetById(preset)];
  const place = ({ kind }: Listing): number => modelKinds.indexOf(kind);
  return { models: presets.map(describe).sort((a, b) => place(a) - place(b)) };
};

function describe(preset: Preset): Listing {
  const values = presetValues(preset);
  const config = { family: preset.family, ...values };
  const family = familyById(preset.family);
  const codeNumbers = codeNumbersOf(config);
  const claim = preset.paper?.document === '001' ? pondClaim() : undefined;
  return {
    preset: preset.id,
    title: preset.title,
    family: preset.family,
    kind: family.kind,
    summary: preset.summary,
    ...(preset.paper ? { paper: preset.paper } : {}),
    deviations: preset.deviations,
    inputShape: [...family.inputShape(values.features, values.model)],
    samples: family.samples ?? null,
    parameters: parameterCount(config),
    ...(family.dynamical ? { dynamical: propertiesOf(family.dynamical) } : {}),
    bitrate:
      codeNumbers === null
        ? null
        : accountBitrate({
            codeNumbers,
            bitsPerCodeNumber: indexBitsOf(config) ?? 32,
            sideNumbers: sideNumbersOf(config),
            seconds: clipSeconds(values.features),
            secondsMeaning: 'padded',
          }),
    ...(claim && {
      bitrateClaim: {
        statedKilobitsPerSecond: claim.statedKilobitsPerSecond,
        explanation: claim.explanation,
      },
    }),
    ...values,
    settings: settingsOf(preset, values),
  };
}

/** A dynamical model's row of the table of papers/004. */
export function propertiesOf({
  name,
  properties,
  generation,
}: NonNullable<Family['dynamical']>): NonNullable<Listing['dynamical']> {
  return { name, ...properties, generationOfZ: generation.z, generationOfX: generation.x };
}

function settingsOf(preset: Preset, values: ReturnType<typeof presetValues>): Listing['settings'] {
  const schemas = sectionSchemas(preset.family, preset.features);
  return sections.flatMap((section) => {
    const chosen = values[section] as Record<string, unknown>;
    return Object.entries(shapeOf(schemas[section])).map(([name, schema]) => {
      const meta = schema.meta();
      const text = (key: string): string | undefined => {
        const value = meta?.[key];
        return typeof value === 'string' ? value : undefined;
      };
      const [unit, help] = [text('unit'), text('help')];
      return {
        setting: `${section}.${name}`,
        value: formatSetting(chosen[name]),
        title: text('title') ?? name,
        allowed: allowedWords(schema),
        ...(unit === undefined ? {} : { unit }),
        ...(help === undefined ? {} : { help }),
      };
    });
  });
}

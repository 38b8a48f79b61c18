import { z } from 'zod';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { issueWords } from '../../src-preload/contract/schema-words.ts';
import { didYouMean } from '../../src-preload/contract/suggestion.ts';
import { featurePipelineSchema } from '../dsp/pipeline.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';
import type { Preset } from './family.ts';
import { countParameters } from './parameters.ts';
import type { LayerParameterCount, ParameterCount } from './parameters.ts';
import { familyById } from './registry.ts';
import { trainingSchema, trainingWithoutKlSchema } from './training.ts';
import type { TrainingConfig } from './training.ts';

/** The three groups of settings, in the order in which a bare key is looked for. */
export const sections = ['model', 'training', 'features'] as const;
export type Section = (typeof sections)[number];

/** One setting that is not as the preset has it. */
export interface Difference {
  /** `<section>.<key>` */
  setting: string;
  preset: unknown;
  chosen: unknown;
  /** True where it was not asked for but follows from another setting. */
  derived: boolean;
}

/** Everything that a run is configured by, as plain data: what a run folder and a checkpoint store. */
export interface ResolvedConfig {
  preset: string;
  family: string;
  /** Valid under the family's schema. */
  model: Record<string, unknown>;
  features: FeaturePipelineConfig;
  training: TrainingConfig;
  differences: Difference[];
}

const rawConfigSchema = z.strictObject({
  preset: z.string(),
  family: z.string(),
  model: z.unknown(),
  features: featurePipelineSchema,
  training: trainingSchema,
  differences: z.array(
    z.strictObject({ setting: z.string(), preset: z.unknown(), chosen: z.unknown(), derived: z.boolean() }),
  ),
});

/** A stored configuration read back: every section checked again, defaults filled in; refused by name. */
export function parseConfig(raw: unknown): ResolvedConfig {
  const parsed = rawConfigSchema.safeParse(raw);
  if (!parsed.success) throw configRefusal(parsed.error);
  const model = familyById(parsed.data.family).schema.safeParse(parsed.data.model);
  if (!model.success) throw configRefusal(model.error);
  return { ...parsed.data, model: model.data as Record<string, unknown> } as ResolvedConfig;
}

/** The values of a preset, checked by the schemas of its sections; misspelt and out-of-range keys are refused by name. */
export function presetValues(preset: Preset): Pick<ResolvedConfig, Section> {
  const schemas = sectionSchemas(preset.family, preset.features);
  const read = (section: Section): unknown => {
    const known = Object.keys(shapeOf(schemas[section]));
    for (const key of Object.keys(preset[section])) {
      if (known.includes(key)) continue;
      throw new ResynthError('models/setting-unknown', {
        key: `${section}.${key}`,
        preset: preset.id,
        suggestion: didYouMean(
          `${section}.${key}`,
          known.map((one) => `${section}.${one}`),
        ),
        known: known.join(', '),
      });
    }
    const parsed = schemas[section].safeParse(preset[section]);
    if (!parsed.success) throw configRefusal(parsed.error, `${preset.id}, ${section}: `);
    return parsed.data;
  };
  return {
    model: read('model') as Record<string, unknown>,
    training: read('training') as TrainingConfig,
    features: read('features') as FeaturePipelineConfig,
  };
}

/** The schema of each section; that of features is the one of its kind of pipeline. */
export function sectionSchemas(
  family: string,
  features: Record<string, unknown>,
): Record<Section, z.ZodType> {
  const kind = features.kind ?? 'log-spectrogram';
  const pipeline = featurePipelineSchema.options.find((option) => option.shape.kind.safeParse(kind).success);
  if (!pipeline)
    throw new ResynthError('models/config-invalid', { detail: `features.kind "${String(kind)}"` });
  const { schema, withoutKl = false } = familyById(family);
  const training = withoutKl ? trainingWithoutKlSchema : trainingSchema;
  return { model: schema, training, features: pipeline };
}

/** The settings of an object schema by key, without those that nobody sets (`hidden`): what a program notes there for itself. */
export function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  if (!(schema instanceof z.ZodObject)) throw new Error('The settings of a section are one object schema.');
  const shape = Object.entries(schema.shape as Record<string, z.ZodType>);
  return Object.fromEntries(shape.filter(([, setting]) => setting.meta()?.hidden !== true));
}

/** The settings of `config` that are not as its preset has them; `chosen` are those that somebody set. */
export function differencesOf(
  config: Pick<ResolvedConfig, Section | 'family'>,
  preset: Pick<ResolvedConfig, Section>,
  chosen: (setting: string) => boolean,
): Difference[] {
  const schemas = sectionSchemas(config.family, config.features);
  return sections.flatMap((section) => {
    const [before, after] = [preset[section], config[section]] as Record<string, unknown>[];
    return Object.keys(shapeOf(schemas[section]))
      .filter((name) => JSON.stringify(after?.[name]) !== JSON.stringify(before?.[name]))
      .map((name): Difference => {
        const setting = `${section}.${name}`;
        const [of, is] = [before?.[name], after?.[name]];
        return { setting, preset: of, chosen: is, derived: !chosen(setting) };
      });
  });
}

/** Counts of the numbers in a configured model, from shapes alone: no backend is loaded. */
export function parameterCount(
  config: Pick<ResolvedConfig, 'family' | 'model' | 'features'>,
): ParameterCount & { layers: LayerParameterCount[] } {
  const family = familyById(config.family);
  return countParameters(family.parameters({ config: config.model, features: config.features }));
}

function configRefusal(error: z.ZodError, where = ''): ResynthError {
  const detail = where + error.issues.map(issueText).join('; ');
  return new ResynthError('models/config-invalid', { detail }, { cause: error });
}

/** An issue of zod with the path of the setting. */
export function issueText(issue: z.core.$ZodIssue): string {
  const names = issue.path.filter((part) => typeof part !== 'number').join('.');
  const entries = issue.path.filter((part) => typeof part === 'number').map((at) => `entry ${at + 1}`);
  return [names, ...entries, issueWords(issue)].filter((part) => part !== '').join(': ');
}

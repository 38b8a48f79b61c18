import { z } from 'zod';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Bounds } from '../../src-preload/contract/schema-words.ts';
import { allowedWords } from './allowed.ts';
import { parameterCount, presetValues, sections, sectionSchemas, shapeOf } from './config.ts';
import type { ResolvedConfig, Section } from './config.ts';
import type { Deviation, Preset } from './family.ts';
import { formatSetting, resolvePreset } from './overrides.ts';

/** One setting as a form shows it; texts are as `--set` takes them. */
export interface SettingField {
  setting: string;
  section: Section;
  title: string;
  help: string | null;
  unit: string | null;
  kind: 'number' | 'integer' | 'boolean' | 'choice' | 'numbers' | 'text';
  choices: string[];
  minimum: number | null;
  maximum: number | null;
  allowed: string;
  optional: boolean;
  preset: string;
  value: string;
  derived: boolean;
  deviation: Deviation | null;
  advanced: boolean;
}

/** A setting that is refused, and why. */
export interface SettingProblem {
  setting: string;
  message: string;
  remedy: string;
}

/** What was typed, as far as it fits together. */
export interface TriedConfig {
  config: ResolvedConfig;
  problems: SettingProblem[];
}

/**
 * The configuration with as many of `overrides` as fit together. Those that are refused are told, each by itself: one bad
 * field does not hide the rest. A setting that only fits with another (a smaller FFT with a smaller hop) is taken with it,
 * in whatever order they come. `complete` adds to a configuration what does not follow from its settings alone.
 */
export function tryOverrides(
  preset: Preset,
  overrides: Readonly<Record<string, string>>,
  complete: (config: ResolvedConfig) => ResolvedConfig = (config) => config,
): TriedConfig {
  const attempt = (settings: Readonly<Record<string, string>>): ResolvedConfig => {
    const config = complete(resolvePreset(preset, settings));
    // Shapes that no model can take are refused here and not when the run begins.
    parameterCount(config);
    return config;
  };
  let refused = new Map<string, ResynthError>();
  try {
    return { config: attempt(overrides), problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof ResynthError)) throw thrown;
  }
  let taken: Record<string, string> = {};
  let config = attempt(taken);
  let open = Object.entries(overrides);
  for (let before = -1; open.length > 0 && open.length !== before;) {
    before = open.length;
    refused = new Map();
    open = open.filter(([key, text]) => {
      try {
        config = attempt({ ...taken, [key]: text });
        taken = { ...taken, [key]: text };
        return false;
      } catch (thrown) {
        if (!(thrown instanceof ResynthError)) throw thrown;
        refused.set(key, thrown);
        return true;
      }
    });
  }
  const problems = [...refused].map(([key, { message, remedy }]) => ({
    setting: fullName(preset, key),
    message,
    remedy,
  }));
  return { config, problems };
}

/**
 * Every setting of a preset as a field, drawn from the schemas, with its value in `config`. A refused text stays in its
 * field. Settings that have only one value are left out: there is nothing to choose.
 */
export function formFields(
  preset: Preset,
  { config, problems }: TriedConfig,
  overrides: Readonly<Record<string, string>>,
): SettingField[] {
  const schemas = sectionSchemas(preset.family, preset.features);
  const base = presetValues(preset);
  const refused = new Set(problems.map(({ setting }) => setting));
  const typed = new Map(Object.entries(overrides).map(([key, text]) => [fullName(preset, key), text]));
  const derived = new Set(config.differences.filter((one) => one.derived).map(({ setting }) => setting));
  return sections.flatMap((section) => {
    const presetOf = base[section] as Record<string, unknown>;
    const chosen = config[section] as Record<string, unknown>;
    return Object.entries(shapeOf(schemas[section])).flatMap(([name, schema]): SettingField[] => {
      const shape = shapeOfField(schema);
      if (!shape) return [];
      const setting = `${section}.${name}`;
      const meta = schema.meta() ?? {};
      const text = (key: string): string | null => {
        const value = meta[key];
        return typeof value === 'string' ? value : null;
      };
      const typedText = refused.has(setting) ? typed.get(setting) : undefined;
      return [
        {
          setting,
          section,
          title: text('title') ?? name,
          help: text('help'),
          unit: text('unit'),
          ...shape,
          allowed: allowedWords(schema),
          optional: schema instanceof z.ZodOptional,
          preset: formatSetting(presetOf[name]),
          value: typedText ?? formatSetting(chosen[name]),
          derived: derived.has(setting),
          deviation: deviationOf(preset, section, setting),
          advanced: meta.advanced === true,
        },
      ];
    });
  });
}

/** A deviation of the setting itself, or of its whole section. */
function deviationOf(preset: Preset, section: Section, setting: string): Deviation | null {
  const of = (name: string): Deviation | undefined => preset.deviations.find((one) => one.setting === name);
  return of(setting) ?? of(section) ?? null;
}

/** 'latentDim' as 'model.latentDim'; what is no setting stays as it was typed. */
function fullName(preset: Preset, key: string): string {
  const schemas = sectionSchemas(preset.family, preset.features);
  for (const section of sections)
    for (const name of Object.keys(shapeOf(schemas[section])))
      if (key === name || key === `${section}.${name}`) return `${section}.${name}`;
  return key;
}

interface SchemaNode extends Bounds {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: SchemaNode[];
  items?: SchemaNode;
}

type FieldShape = Pick<SettingField, 'kind' | 'choices' | 'minimum' | 'maximum'>;

/** What kind of field a schema wants, with its bounds; null where there is only one value. */
function shapeOfField(schema: z.ZodType): FieldShape | null {
  const node = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  const none = { choices: [], minimum: null, maximum: null };
  if (node.const !== undefined || node.enum?.length === 1) return null;
  if (node.enum) return { ...none, kind: 'choice', choices: node.enum.map(String) };
  if (node.type === 'boolean') return { ...none, kind: 'boolean' };
  if (node.type === 'array') {
    const items = node.items?.anyOf?.[0] ?? node.items ?? {};
    return { ...none, kind: 'numbers', ...bounds(items) };
  }
  if (node.type === 'integer' || node.type === 'number') return { ...none, kind: node.type, ...bounds(node) };
  return { ...none, kind: 'text' };
}

/** The ends of a range; one that is itself refused ('above 0') is its end as well: `allowed` says so in words. */
function bounds(node: Bounds): { minimum: number | null; maximum: number | null } {
  const low = node.minimum ?? node.exclusiveMinimum ?? Number.NEGATIVE_INFINITY;
  const high = node.maximum ?? node.exclusiveMaximum ?? Number.POSITIVE_INFINITY;
  return {
    minimum: low > -Number.MAX_SAFE_INTEGER ? low : null,
    maximum: high < Number.MAX_SAFE_INTEGER ? high : null,
  };
}

import { z } from 'zod';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { didYouMean } from '../../src-preload/contract/suggestion.ts';
import { differencesOf, issueText, presetValues, sections, sectionSchemas, shapeOf } from './config.ts';
import type { ResolvedConfig, Section } from './config.ts';
import { presetById } from './presets.ts';
import type { Preset } from './family.ts';

/** What to train: a preset and settings typed as text, `{filters: '32,64', 'training.beta': '0.5'}`. */
export interface ConfigRequest {
  preset: string;
  overrides?: Readonly<Record<string, string>>;
}

/**
 * The configuration of a preset with `overrides` applied. A key is looked for in the model, the training and the feature
 * settings; `<section>.<key>` names one of them. Values: numbers, `true`, `false`, words, lists `32,64,64`, and pairs
 * inside lists, `2,2,2x1`. Unknown, ambiguous and out-of-range settings are refused by name.
 *
 * A new number of `filters` without `kernels` or `strides` cuts the preset's lists to it; layers beyond them repeat the
 * last kernel with stride 1, so that they add depth and leave the size of the bottleneck's image as it was.
 */
export function resolveConfig({ preset, overrides = {} }: ConfigRequest): ResolvedConfig {
  return resolvePreset(presetById(preset), overrides);
}

/** `resolveConfig` of a preset that was read already. */
export function resolvePreset(preset: Preset, overrides: Readonly<Record<string, string>>): ResolvedConfig {
  const base = presetValues(preset);
  const schemas = sectionSchemas(preset.family, preset.features);
  const asked: Record<Section, Record<string, unknown>> = { model: {}, training: {}, features: {} };
  for (const [key, text] of Object.entries(overrides)) {
    const { section, name } = findSetting(key, schemas, preset);
    if (name in asked[section]) {
      throw new ResynthError('models/setting-ambiguous', {
        key: name,
        candidates: `${name}, ${section}.${name}`,
      });
    }
    const schema = shapeOf(schemas[section])[name] as z.ZodType;
    asked[section][name] = parseSetting({
      key,
      text,
      schema,
      current: base[section],
      name,
      preset: preset.id,
    });
  }

  const derived = deriveLayerLists(base.model, asked.model);
  const chosen = {
    model: { ...base.model, ...derived, ...asked.model },
    training: { ...base.training, ...asked.training },
    features: { ...base.features, ...asked.features },
  };
  for (const section of sections) {
    const parsed = schemas[section].safeParse(chosen[section]);
    if (parsed.success) continue;
    const detail = parsed.error.issues.map((issue) => `${section}.${issueText(issue)}`).join('; ');
    throw new ResynthError('models/config-invalid', { detail }, { cause: parsed.error });
  }

  const valid = { family: preset.family, ...chosen } as Pick<ResolvedConfig, Section | 'family'>;
  const differences = differencesOf(valid, base, (setting) => {
    const [section, name] = setting.split('.') as [Section, string];
    return name in asked[section];
  });
  return { preset: preset.id, family: preset.family, ...chosen, differences } as ResolvedConfig;
}

/** A setting as it is typed: `512,256`, `2,2,2x1`, `0.5`, `true`, `[]` for a list of nothing. `resolveConfig` reads it back. */
export function formatSetting(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return '[]';
  return value.map((entry) => (Array.isArray(entry) ? entry.join('x') : String(entry))).join(',');
}

function findSetting(
  key: string,
  schemas: Record<Section, z.ZodType>,
  preset: Preset,
): { section: Section; name: string } {
  const all = sections.flatMap((section) =>
    Object.keys(shapeOf(schemas[section])).map((name) => ({ section, name })),
  );
  const found = all.filter(({ section, name }) => key === name || key === `${section}.${name}`);
  const [first] = found;
  if (first && found.length === 1) return first;
  if (first) {
    const candidates = found.map(({ section, name }) => `${section}.${name}`).join(', ');
    throw new ResynthError('models/setting-ambiguous', { key, candidates });
  }
  const names = all.map(({ name }) => name);
  // A right name in the wrong section is nearer than any misspelling.
  const elsewhere = all.find(({ name }) => name === key.slice(key.indexOf('.') + 1));
  const known = key.includes('.') ? all.map(({ section, name }) => `${section}.${name}`) : names;
  throw new ResynthError('models/setting-unknown', {
    key,
    preset: preset.id,
    suggestion: elsewhere ? `Did you mean ${elsewhere.section}.${elsewhere.name}? ` : didYouMean(key, known),
    known: names.join(', '),
  });
}

function parseSetting(setting: {
  key: string;
  text: string;
  schema: z.ZodType;
  current: Record<string, unknown>;
  name: string;
  preset: string;
}): unknown {
  const { key, text, schema, current, name, preset } = setting;
  const readings = readingsOf(text.trim());
  let reason = 'it is empty';
  for (const reading of readings) {
    const parsed = schema.safeParse(reading);
    if (parsed.success) return parsed.data;
    // The first reading is the most literal one: its issue is the one to tell.
    if (reading === readings[0] && reading !== '') reason = parsed.error.issues.map(issueText).join('; ');
  }
  const example = formatSetting(current[name]);
  throw new ResynthError('models/setting-invalid', { key, value: text, detail: reason, preset, example });
}

/** What a typed text can mean, the most literal first; a lone value may also be a list of one. */
function readingsOf(text: string): unknown[] {
  // Only a setting that is itself a text can be empty.
  if (text === '') return [''];
  if (text === '[]') return [[]];
  const bare = text.replace(/^\[(.*)\]$/s, '$1');
  const entries = bare.split(',').map((entry) => readScalar(entry.trim()));
  // '2x1' alone is a list of one pair, not a list of two numbers.
  if (entries.length > 1 || bare !== text || Array.isArray(entries[0])) return [entries];
  return [entries[0], entries, text];
}

function readScalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const pair = /^(\d+)x(\d+)$/.exec(text);
  if (pair) return [Number(pair[1]), Number(pair[2])];
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text;
}

/** Kernels and strides for a new number of filters, unless they are given. */
function deriveLayerLists(
  base: Record<string, unknown>,
  asked: Record<string, unknown>,
): Record<string, unknown> {
  if (!Array.isArray(asked.filters)) return {};
  const layers = asked.filters.length;
  const derived: Record<string, unknown> = {};
  for (const name of ['kernels', 'strides']) {
    const list = base[name];
    if (name in asked || !Array.isArray(list) || list.length === layers) continue;
    const extra: unknown = name === 'strides' ? 1 : list.at(-1);
    derived[name] = Array.from({ length: layers }, (_, index): unknown => list[index] ?? extra);
  }
  return derived;
}

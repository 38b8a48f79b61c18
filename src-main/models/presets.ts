import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { deviationSchema, paperReferenceSchema } from '../../src-preload/contract/commands/models.ts';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { didYouMean } from '../../src-preload/contract/suggestion.ts';
import type { Preset } from './family.ts';

/** One JSON file a recipe. */
const presetsFolder = path.resolve(import.meta.dirname, '../../resources/presets');

const values = z.record(z.string(), z.unknown());

/** What a preset file holds; the values of model, training and features are checked by their own schemas. */
const presetSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  family: z.string().min(1),
  paper: paperReferenceSchema.optional(),
  summary: z.string().min(1),
  model: values,
  training: values,
  features: values,
  deviations: z.array(deviationSchema),
});

/** Every preset of `folder`, by id. A file that is not a valid preset, or whose name is not its id, is refused by name. */
export function loadPresets(folder: string = presetsFolder): Preset[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readPreset(path.join(folder, name)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The preset called `id`; refused by name, with the nearest one suggested. */
export function presetById(id: string, folder: string = presetsFolder): Preset {
  const presets = loadPresets(folder);
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset) return preset;
  const known = presets.map((candidate) => candidate.id);
  throw new ResynthError('models/preset-unknown', {
    preset: id,
    suggestion: didYouMean(id, known),
    known: known.join(', '),
  });
}

function readPreset(file: string): Preset {
  const refuse = (detail: string, cause?: unknown): ResynthError =>
    new ResynthError('models/preset-file', { file, detail }, { cause });
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refuse(messageOf(error), error);
  }
  const parsed = presetSchema.safeParse(raw);
  if (!parsed.success) throw refuse(z.prettifyError(parsed.error), parsed.error);
  if (`${parsed.data.id}.json` !== path.basename(file)) throw refuse(`its id is "${parsed.data.id}"`);
  return parsed.data as Preset;
}

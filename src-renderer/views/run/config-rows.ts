import type { FormField } from '../../../src-preload/contract/commands/train-form.ts';
import type { ShownRun } from '../runs/train-input.ts';

/** One setting of a run beside its preset's value and the paper's. */
export interface ConfigRow {
  setting: string;
  title: string;
  unit: string | null;
  value: unknown;
  preset: unknown;
  changed: boolean;
  derived: boolean;
  deviation: ShownRun['deviations'][number] | null;
}

const sectionTitles = { model: 'Model', training: 'Training', features: 'Features' } as const;

/** The configuration of a run as tables, with titles and units where the form of its preset has them. */
export function configRows(
  run: Pick<ShownRun, 'config' | 'differences' | 'deviations'>,
  fields: readonly FormField[],
): { title: string; rows: ConfigRow[] }[] {
  const fieldOf = new Map(fields.map((field) => [field.setting, field]));
  const differenceOf = new Map(run.differences.map((difference) => [difference.setting, difference]));
  const deviationOf = new Map(run.deviations.map((deviation) => [deviation.setting, deviation]));
  const sections = (['model', 'training', 'features'] as const).map((section) => ({
    title: sectionTitles[section] as string,
    rows: settingsOf(run.config[section]).map(([key, value]): ConfigRow => {
      const setting = `${section}.${key}`;
      const difference = differenceOf.get(setting);
      const field = fieldOf.get(setting);
      return {
        setting,
        title: field?.title ?? key,
        unit: field?.unit ?? null,
        value,
        preset: difference ? difference.preset : value,
        changed: difference !== undefined,
        derived: difference?.derived ?? false,
        deviation: deviationOf.get(setting) ?? null,
      };
    }),
  }));
  // Some deviations are about a whole section, the split, or how sound is made: they belong to no one setting.
  const placed = new Set(sections.flatMap(({ rows }) => rows.map((row) => row.setting)));
  const others = run.deviations.filter((deviation) => !placed.has(deviation.setting));
  if (others.length > 0) {
    sections.push({
      title: 'Not as the paper, besides',
      rows: others.map((deviation) => ({
        setting: deviation.setting,
        title: deviation.setting,
        unit: null,
        value: deviation.ours,
        preset: deviation.ours,
        changed: false,
        derived: false,
        deviation,
      })),
    });
  }
  return sections;
}

/** What is no number, text or list of them is no setting: the model that a sampler is of, as it was. */
function settingsOf(section: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(section).filter(
    ([, value]) => typeof value !== 'object' || value === null || Array.isArray(value),
  );
}

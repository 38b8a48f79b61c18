import type {
  Generated,
  GeneratedSet,
  generatedList,
} from '../../../src-preload/contract/commands/generate.ts';
import type { LatentMap } from '../../../src-preload/contract/commands/latent.ts';
import type { z } from 'zod';
import { bytes } from '../numbers.ts';
import { oneLine, pairs, table } from '../layout.ts';
import { significant } from '../numbers.ts';

/** What a map is and how good it is; the points themselves are in its file. */
export function renderLatentMap(output: unknown): string[] {
  const map = output as LatentMap;
  const { explained, divergence, points } = map;
  const share = explained.slice(0, 2).reduce((sum, value) => sum + value, 0);
  const last = divergence.nats.at(-1);
  return [
    ...pairs([
      ['run', `${oneLine(map.model.name)}, step ${map.model.step}`],
      ['clips', `${points.recordings.length} of the split ${map.split}`],
      ['map', oneLine(map.how)],
      ['explained', `${(100 * share).toFixed(1)} % of the variance by the first two principal components`],
      ...(last === undefined ? [] : [['divergence', `${significant(last, 4)} nats`] as [string, string]]),
      [
        'codes',
        `${map.latentDim} numbers a clip${averagedWords(map)}, ${map.cached ? 'kept from before' : 'computed now'}`,
      ],
    ]),
    '',
    map.file === null
      ? 'Name a file with --out to have the points as CSV, or take --json.'
      : `The points are in ${oneLine(map.file)}`,
  ];
}

function averagedWords({ averagedOver }: LatentMap): string {
  return averagedOver === null ? '' : ` (the mean over ${averagedOver} positions)`;
}

/** A line a clip, and where they are. */
export function renderGenerated(output: unknown, columns: number): string[] {
  const { set, known, copiedTo } = output as Generated;
  return [
    ...pairs([
      ['set', set.id + (known ? ' (kept from before: the recipe is the same)' : '')],
      ['run', `${oneLine(set.model.name)}, step ${set.model.step}`],
      ['folder', oneLine(copiedTo ?? set.folder)],
    ]),
    '',
    ...table(
      [
        { title: 'clip' },
        { title: 'file' },
        { title: 'made of', align: 'right' },
        { title: 'sha256 of the WAV' },
      ],
      set.clips.map((clip) => [clip.title, clip.audio, madeOf(clip), clip.sha256.slice(0, 16)]),
      columns,
    ),
    ...set.notes.flatMap((note) => ['', `Note: ${oneLine(note)}`]),
  ];
}

/** A line a set. */
export function renderGeneratedList(output: unknown, columns: number): string[] {
  const { sets, bytes: total, damaged } = output as z.output<typeof generatedList.output>;
  if (sets.length === 0 && damaged.length === 0) return ['No clips were generated from this run.'];
  return [
    ...table(
      [
        { title: 'set' },
        { title: 'kind' },
        { title: 'clips', align: 'right' },
        { title: 'step', align: 'right' },
        { title: 'size', align: 'right' },
      ],
      sets.map((set) => [
        set.id,
        kindWords(set),
        String(set.clips.length),
        String(set.model.step),
        bytes(set.bytes),
      ]),
      columns,
    ),
    '',
    `${bytes(total)} in all`,
    ...damaged.map((id) => `damaged: ${oneLine(id)}; delete it and carry its recipe out again`),
  ];
}

/** What went into a clip, or came of it, in a few words. */
function madeOf({ meanOf, givenSec, lsdDb }: GeneratedSet['clips'][number]): string {
  if (meanOf !== null) return `mean of ${meanOf} clips`;
  if (givenSec !== null) return `${givenSec.toFixed(2)} s given`;
  return lsdDb === null ? '-' : `LSD ${lsdDb.toFixed(2)} dB`;
}

function kindWords({ recipe }: GeneratedSet): string {
  const { made } = recipe;
  if (made.kind === 'prior') return 'prior';
  if (made.kind === 'class-means') return `means by ${made.settings.by}, scale ${made.settings.scale}`;
  if (made.kind === 'interpolate') {
    return `from ${made.settings.from} to ${made.settings.to}, ${made.settings.way}`;
  }
  if (made.kind === 'components') {
    const { of, scale } = made.settings;
    return `components ${of.length === 0 ? 'all' : of.join(', ')}, scale ${scale}`;
  }
  if (made.kind === 'continue') return `${made.settings.recording} continued from ${made.settings.from} s`;
  return `${made.settings.recording} free-running`;
}

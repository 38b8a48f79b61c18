import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { datasetsDetect } from '../../../src-preload/contract/commands/datasets.ts';
import { placeOf } from '../../corpora/recording.ts';
import { detectFolder } from '../../corpora/scout.ts';
import type { Services } from '../services.ts';
import { expandHome } from '../folders/paths.ts';
import { nameForFolder } from './names.ts';
import { startAnalysts } from './reading.ts';

/**
 * What a folder is and what adding it would give, by a look that ends after a second or two.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable, dataset/layout-unknown,
 *   dataset/layout-mismatch, internal/cancelled.
 */
export async function detectDataset(
  { database, analysts }: Pick<Services, 'database' | 'analysts'>,
  { dir, layout }: z.output<typeof datasetsDetect.input>,
  signal: AbortSignal,
): Promise<z.output<typeof datasetsDetect.output>> {
  const asked = path.resolve(expandHome(dir));
  startAnalysts({ analysts });
  const sketch = await detectFolder(asked, layout, signal);
  const known = await database.listDatasets();
  let already: string | null = null;
  for (const dataset of known) {
    const real = await realpath(dataset.folder).catch(() => null);
    const sameFolder = dataset.folder === sketch.folder || real === sketch.real;
    if (sameFolder && dataset.manifest === sketch.manifest) already ??= dataset.name;
  }
  const warnings: string[] = [];
  if (sketch.files === 0) warnings.push('No audio file was found in it.');
  if (sketch.skipped > 0) {
    warnings.push(
      `Entries that would be skipped, of those looked at: ${sketch.skipped}. Indexing lists the reasons.`,
    );
  }
  const { title, note, examples, layout: found, candidates, files, bytes, complete } = sketch;
  const { speakers, labels, subsets, splits } = sketch;
  return {
    folder: asked,
    name: nameForFolder(placeOf(sketch)),
    layout: found,
    candidates,
    files,
    bytes,
    complete,
    speakers,
    labels,
    subsets,
    splits,
    layoutTitle: title,
    layoutNote: note,
    examples: examples.map(({ id, speaker, label, split, transcript }) => ({
      id,
      speaker,
      label,
      split,
      transcript,
    })),
    already,
    warnings,
  };
}

import { readFileSync, statSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sha256OfFile } from './download.ts';
import type { Progress } from './progress.ts';
import type { ExtractedFile } from '../../files/zip.ts';

const manifestSchema = z.strictObject({
  id: z.string(),
  tensorflow: z.string(),
  files: z.array(
    z.strictObject({
      path: z.string(),
      bytes: z.int().nonnegative(),
      sha256: z.string(),
      modifiedMs: z.number(),
    }),
  ),
});

/** What was installed, file by file. It is written last: a folder without one is unfinished. */
export type Manifest = z.output<typeof manifestSchema>;

const fileName = 'manifest.json';

/** Writes the manifest of a folder in which everything else is in place. */
export async function writeManifest(
  folder: string,
  target: { id: string; tensorflow: string },
  files: readonly ExtractedFile[],
): Promise<void> {
  const rows = [];
  for (const file of files) {
    rows.push({ ...file, modifiedMs: (await stat(path.join(folder, file.path))).mtimeMs });
  }
  const manifest: Manifest = { id: target.id, tensorflow: target.tensorflow, files: rows };
  await writeFile(path.join(folder, fileName), JSON.stringify(manifest, null, 1));
}

/** The manifest, or null if there is none or it cannot be read: the folder is then as good as absent. */
export function readManifest(folder: string): Manifest | null {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path.join(folder, fileName), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The first file whose size or time of change is not as installed, or null. Milliseconds: done at every start. */
export function changedFileQuick(folder: string, manifest: Manifest): string | null {
  for (const file of manifest.files) {
    const found = statSync(path.join(folder, file.path), { throwIfNoEntry: false });
    if (found?.size !== file.bytes || Math.abs(found.mtimeMs - file.modifiedMs) > 1) return file.path;
  }
  return null;
}

/** The first file whose content is not as installed, or null: reads everything, a second a gigabyte or so. */
export async function changedFileFull(
  folder: string,
  manifest: Manifest,
  progress: Progress,
): Promise<string | null> {
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  for (const file of manifest.files) {
    progress({ stage: 'Checking the installed TensorFlow libraries', done, total, unit: 'bytes' });
    const location = path.join(folder, file.path);
    if (!statSync(location, { throwIfNoEntry: false })) return file.path;
    if ((await sha256OfFile(location)) !== file.sha256) return file.path;
    done += file.bytes;
  }
  return null;
}

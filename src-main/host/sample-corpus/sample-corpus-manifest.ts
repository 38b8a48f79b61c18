import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { recipeHash } from './sample-corpus-recipe.ts';
import type { SpokenFile } from './sample-corpus-voice.ts';

/** Written last, beside the recordings: a folder with it and with files of these hashes is the complete corpus. */
export const manifestName = 'resynth-sample-corpus.json';

const manifestSchema = z.strictObject({
  format: z.literal('resynth-sample-corpus'),
  version: z.literal(1),
  note: z.string(),
  recipeHash: z.string(),
  /** sha256 over names and contents of all files. */
  contentHash: z.string(),
  files: z.array(
    z.strictObject({ file: z.string(), bytes: z.int(), sha256: z.string(), durationSec: z.number() }),
  ),
});

export type Manifest = z.output<typeof manifestSchema>;

/** The manifest for files in order of name. */
export function makeManifest(files: readonly SpokenFile[]): Manifest {
  const hash = createHash('sha256');
  for (const { file, sha256 } of files) hash.update(`${file} ${sha256}\n`);
  return {
    format: 'resynth-sample-corpus',
    version: 1,
    note: 'Spoken digits by the voices of flite (Carnegie Mellon University), made by `resynth corpus make`.',
    recipeHash: recipeHash(),
    contentHash: hash.digest('hex'),
    files: [...files],
  };
}

/** Writes the manifest beside the recordings, whole or not at all. Throws files/disk-full, files/not-writable. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFileAtomic(path.join(folder, manifestName), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** The manifest of a folder that holds exactly this corpus, every file as it was made; null for any other folder. */
export async function readCompleteManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(path.join(folder, manifestName), 'utf8').catch(() => null);
  if (text === null) return null;
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(text));
  } catch {
    // Damaged, or of another version: the corpus is made again.
    return null;
  }
  if (manifest.recipeHash !== recipeHash()) return null;
  for (const { file, sha256 } of manifest.files) {
    const bytes = await readFile(path.join(folder, file)).catch(() => null);
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== sha256) return null;
  }
  return manifest;
}

import { z } from 'zod';
import { defineCommand } from '../command.ts';

const entry = z.strictObject({
  name: z.string(),
  path: z.string(),
  /** Audio files directly in it, counted up to a limit; null where it cannot be read. */
  audioFiles: z.int().nullable(),
  folders: z.int().nullable(),
});

/** The folder browser of a page, which has no picker of its own: it looks at the host's disks. */
export const foldersBrowse = defineCommand({
  name: 'folders browse',
  readOnly: true,
  summary: 'List the folders inside a folder of the host',
  audience: 'window',
  input: z.strictObject({
    dir: z.string().optional().meta({ help: 'The home folder without it; ~ is understood.' }),
    hidden: z.boolean().default(false),
  }),
  output: z.strictObject({
    folder: z.string(),
    parent: z.string().nullable(),
    /** From the root to the folder. */
    crumbs: z.array(z.strictObject({ name: z.string(), path: z.string() })),
    entries: z.array(entry),
    /** Some of the audio files in it, by name. */
    audioFiles: z.array(z.string()),
    audioFileCount: z.int(),
    /** More entries than are listed. */
    truncated: z.boolean(),
  }),
});

export const foldersComplete = defineCommand({
  name: 'folders complete',
  readOnly: true,
  summary: 'Complete the beginning of a path to the folders it may mean',
  audience: 'window',
  input: z.strictObject({ text: z.string(), limit: z.int().min(1).max(100).default(12) }),
  output: z.strictObject({ folders: z.array(z.string()) }),
});

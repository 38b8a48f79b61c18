import { z } from 'zod';
import { uint8Array } from '../binary.ts';
import { defineCommand } from '../command.ts';

// Files that a page gives: a recording to try a model on, a checkpoint to take in. The command line takes files where they are; a
// page has no files, only bytes.

/** What is taken from a page. */
export const uploadLimits = {
  /** Of one piece: the line stays free for other answers. */
  pieceBytes: 1 << 20,
  /** Of a whole file. */
  fileBytes: 64 << 20,
} as const;

export const uploadId = z
  .string()
  .min(1)
  .max(64)
  .meta({ title: 'Upload', help: 'As `uploads put` named it.' });

export const uploadsPut = defineCommand({
  name: 'uploads put',
  summary: 'Give the host a file in pieces',
  audience: 'window',
  input: z.strictObject({
    name: z.string().min(1).max(255).meta({ title: 'Name', help: 'What messages call it.' }),
    bytes: z.int().min(0).meta({ title: 'Size of the whole file', unit: 'bytes' }),
    upload: uploadId.optional().meta({ title: 'Upload', help: 'Of the first piece; left out for that one.' }),
    offset: z.int().min(0).meta({ title: 'Where the piece begins', unit: 'bytes' }),
    piece: uint8Array(),
  }),
  output: z.strictObject({ upload: z.string(), received: z.int().meta({ unit: 'bytes' }) }),
});

export const uploadsDiscard = defineCommand({
  name: 'uploads discard',
  summary: 'Throw an uploaded file away',
  audience: 'window',
  input: z.strictObject({ upload: uploadId }),
  output: z.strictObject({ discarded: z.boolean() }),
});

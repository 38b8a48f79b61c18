import type { uploadsDiscard, uploadsPut } from '../../../src-preload/contract/commands/uploads.ts';
import type { HostHandler } from '../services.ts';
import { uploadsOf } from './uploads.ts';

/** Takes a piece of a file from a page. */
export const handleUploadsPut: HostHandler<typeof uploadsPut> = async (input, { services }) => {
  const { upload: id, ...rest } = input;
  const { id: upload, received } = await uploadsOf(services).take({ ...rest, id });
  return { upload, received };
};

export const handleUploadsDiscard: HostHandler<typeof uploadsDiscard> = async ({ upload }, { services }) => ({
  discarded: await uploadsOf(services).discard(upload),
});

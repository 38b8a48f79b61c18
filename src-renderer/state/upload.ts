import { uploadLimits, uploadsDiscard, uploadsPut } from '../../src-preload/contract/commands/uploads.ts';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Host } from '../host.svelte.ts';

/** A file that is at the host, for as long as it is wanted. */
export interface UploadedFile {
  upload: string;
  name: string;
}

export interface UploadOptions {
  signal?: AbortSignal;
  /** Hears how much of it is there, 0 to 1. */
  told?: (share: number) => void;
}

/**
 * Gives the host a file in pieces.
 *
 * @throws ResynthError uploads/too-large before anything is sent; what `uploads put` throws; internal/cancelled.
 */
export async function uploadFile(
  host: Pick<Host, 'call'>,
  source: Blob,
  name: string,
  { signal, told }: UploadOptions = {},
): Promise<UploadedFile> {
  const bytes = source.size;
  if (bytes > uploadLimits.fileBytes) {
    const sizeMb = Math.round(bytes / 1e6);
    const mostMb = Math.round(uploadLimits.fileBytes / 1e6);
    throw new ResynthError('uploads/too-large', { name, sizeMb, mostMb });
  }
  let upload: string | undefined;
  let offset = 0;
  do {
    const piece = await pieceOf(source, offset, name);
    const input = { name, bytes, offset, piece, ...(upload === undefined ? {} : { upload }) };
    const answer = await host.call(uploadsPut, input, signal ? { signal } : {});
    upload = answer.upload;
    offset = answer.received;
    told?.(bytes === 0 ? 1 : offset / bytes);
  } while (offset < bytes);
  return { upload, name };
}

/** Throws it away at the host; where it is gone already there is nothing to do. */
export function discardUpload(host: Pick<Host, 'call'>, { upload }: UploadedFile): void {
  host.call(uploadsDiscard, { upload }).catch(() => undefined);
}

async function pieceOf(source: Blob, offset: number, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await source.slice(offset, offset + uploadLimits.pieceBytes).arrayBuffer());
  } catch (thrown) {
    // The file was changed or taken away after it was chosen.
    throw new ResynthError('uploads/broken', { name, detail: messageOf(thrown) }, { cause: thrown });
  }
}

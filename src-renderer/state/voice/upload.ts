import type { z } from 'zod';
import {
  type uploadedAudioSchema,
  voiceDiscard,
  voiceLimits,
  voiceUpload,
} from '../../../src-preload/contract/commands/voice.ts';
import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Host } from '../../host.svelte.ts';

/** A recording that is at the host, for as long as it is wanted. */
export interface UploadedSound {
  upload: string;
  name: string;
  audio: z.output<typeof uploadedAudioSchema>;
}

/**
 * Gives the host a recording in pieces. `told` hears how much of it is there, 0 to 1.
 *
 * @throws ResynthError voice/too-large before anything is sent; what `voice upload` throws; internal/cancelled.
 */
export async function uploadSound(
  host: Pick<Host, 'call'>,
  source: Blob,
  name: string,
  options: { signal?: AbortSignal; told?: (share: number) => void } = {},
): Promise<UploadedSound> {
  const { signal, told } = options;
  const bytes = source.size;
  if (bytes > voiceLimits.fileBytes) {
    const sizeMb = Math.round(bytes / 1e6);
    throw new ResynthError('voice/too-large', {
      name,
      sizeMb,
      mostMb: Math.round(voiceLimits.fileBytes / 1e6),
    });
  }
  let upload: string | undefined;
  for (let offset = 0; ;) {
    const piece = await pieceOf(source, offset, name);
    const input = { name, bytes, offset, piece, ...(upload === undefined ? {} : { upload }) };
    const answer = await host.call(voiceUpload, input, signal ? { signal } : {});
    upload = answer.upload;
    offset = answer.received;
    told?.(bytes === 0 ? 1 : offset / bytes);
    if (answer.audio) return { upload, name, audio: answer.audio };
  }
}

/** Throws it away at the host; where it is gone already there is nothing to do. */
export function discardUpload(host: Pick<Host, 'call'>, { upload }: UploadedSound): void {
  host.call(voiceDiscard, { upload }).catch(() => undefined);
}

async function pieceOf(source: Blob, offset: number, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await source.slice(offset, offset + voiceLimits.pieceBytes).arrayBuffer());
  } catch (thrown) {
    // The file was changed or taken away after it was chosen.
    throw new ResynthError('voice/upload-broken', { name, detail: messageOf(thrown) }, { cause: thrown });
  }
}

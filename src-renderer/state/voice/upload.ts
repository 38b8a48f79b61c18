import type { z } from 'zod';
import { type uploadedAudioSchema, voiceExamine } from '../../../src-preload/contract/commands/voice.ts';
import type { Host } from '../../host.svelte.ts';
import { type UploadedFile, uploadFile, type UploadOptions } from '../upload.ts';

/** A recording that is at the host. */
export interface UploadedSound extends UploadedFile {
  audio: z.output<typeof uploadedAudioSchema>;
}

/**
 * Gives the host a recording; what is no audio is thrown away again.
 *
 * @throws ResynthError what `uploadFile` and `voice examine` throw.
 */
export async function uploadSound(
  host: Pick<Host, 'call'>,
  source: Blob,
  name: string,
  options: UploadOptions = {},
): Promise<UploadedSound> {
  const uploaded = await uploadFile(host, source, name, options);
  const { signal } = options;
  const audio = await host.call(voiceExamine, { upload: uploaded.upload }, signal ? { signal } : {});
  return { ...uploaded, audio };
}

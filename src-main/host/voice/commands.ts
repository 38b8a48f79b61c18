import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { voiceExamine, voiceKeep, voiceReady } from '../../../src-preload/contract/commands/voice.ts';
import { voiceLimits } from '../../../src-preload/contract/commands/voice.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { makeFolder } from '../../files/folders.ts';
import { writeNewFileSync } from '../../files/new-file.ts';
import { expandHome } from '../folders/paths.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import type { HostHandler, Services } from '../services.ts';
import { uploadsOf, type Upload } from '../uploads/uploads.ts';

/** Says what an upload is; what is no audio, or too long, is thrown away. */
export const handleVoiceExamine: HostHandler<typeof voiceExamine> = async ({ upload }, { services }) => {
  const uploads = uploadsOf(services);
  try {
    return await audioOf(services, uploads.whole(upload));
  } catch (thrown) {
    await uploads.discard(upload);
    throw thrown;
  }
};

/** Copies an upload into a folder under its own name, or that name with a number where it is taken. */
export const handleVoiceKeep: HostHandler<typeof voiceKeep> = async (
  { upload: id, folder },
  { services },
) => {
  const upload = uploadsOf(services).whole(id);
  const target = path.resolve(expandHome(folder));
  await makeFolder(target);
  const bytes = await readFile(upload.file);
  const { name, ext } = path.parse(path.basename(upload.name));
  for (let copy = 1; ; copy++) {
    const file = path.join(target, copy === 1 ? `${name}${ext}` : `${name}-${copy}${ext}`);
    try {
      writeNewFileSync(file, bytes);
      return { file };
    } catch (thrown) {
      if (!(thrown instanceof ResynthError) || thrown.code !== 'files/exists' || copy > 999) throw thrown;
    }
  }
};

/** Loads the model that is meant, and lets it compute once: the first call of a program takes longer than all others. */
export const handleVoiceReady: HostHandler<typeof voiceReady> = async (input, context) => {
  const { trainers, inference } = context.services;
  const began = performance.now();
  const model = referenceTo(await trainers.resolve(input.run), input.checkpoint);
  const used = await inference.request('warm', { model }, optionsOf(context));
  return { model: used, tookMs: performance.now() - began };
};

async function audioOf({ analysts }: Services, upload: Upload) {
  const { name, file } = upload;
  const { kind: _kind, ...audio } = await analysts.run({ kind: 'examine', path: file, id: name });
  if (audio.durationSec > voiceLimits.recordingSec) {
    const durationSec = Math.round(audio.durationSec);
    throw new ResynthError('voice/too-long', { name, durationSec, mostSec: voiceLimits.recordingSec });
  }
  return audio;
}

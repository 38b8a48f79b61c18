import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GeneratedClip, GeneratedSet } from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { withFrames } from '../../dsp/pipeline.ts';
import { createFolderAtomic } from '../../files/atomic-file.ts';
import { attenuationDb } from '../audio-files.ts';
import { resultNames } from '../file-names.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { writeAudio, writeJson } from '../media.ts';
import type { ServiceContext } from '../service.ts';
import { paintPanels } from '../spectrogram-image.ts';
import { makeClips } from './make-clips.ts';
import type { MadeClip } from './made-clip.ts';
import type { LatentRequests } from './protocol.ts';
import { setFiles } from './set-files.ts';

/**
 * Makes the clips of a recipe: WAV and picture of each, what the model gave, and the recipe, in a folder that is there
 * whole or not at all. Where another process was faster its folder stays: the same recipe gives the same clips.
 *
 * @throws ResynthError inference/no-capability; latent/*; what encoding throws; files/disk-full; internal/cancelled.
 */
export async function generateSet(
  model: LoadedModel,
  job: LatentRequests['generate']['params'],
  context: ServiceContext,
): Promise<GeneratedSet> {
  const { recipe, folder, id, notes, ingredients } = job;
  const stage = 'Generating clips';
  context.progress({ stage, detail: 'codes' });
  const making = await makeClips(model, recipe.made, ingredients, context);
  const { total } = making;
  context.progress({ stage, done: 0, total, unit: 'clips' });
  const set: GeneratedSet = {
    id,
    run: model.used.run,
    createdMs: Date.now(),
    recipe,
    model: model.used,
    sampleRateHz: model.config.features.sampleRateHz,
    durationSec: making.durationSec,
    folder,
    bytes: 0,
    clips: [],
    notes: [...notes, ...making.notes],
  };
  await createFolderAtomic(folder, async (temporary) => {
    const features = await open(path.join(temporary, setFiles.features), 'wx');
    try {
      for await (const clip of making.clips) {
        if (context.signal.aborted) throw new ResynthError('internal/cancelled');
        set.clips.push(await writeClip(model, clip, set.clips.length, { folder: temporary, features }));
        context.progress({ stage, done: set.clips.length, total, unit: 'clips' });
      }
      await features.sync();
    } finally {
      await features.close();
    }
    await writeJson(path.join(temporary, setFiles.set), set);
  });
  return set;
}

async function writeClip(
  model: LoadedModel,
  clip: MadeClip,
  index: number,
  into: { folder: string; features: FileHandle },
): Promise<GeneratedClip> {
  const { folder } = into;
  const pipeline = model.config.features;
  const { features, frames, sound, gain, title, minDb, maxDb, group, position, meanOf } = clip;
  // Numbered, so no two of a set have one name.
  const [name = String(index)] = resultNames([
    `${String(index + 1).padStart(3, '0')} ${title}`.replaceAll('.', '_'),
  ]);
  const audio = `${name}.wav`;
  const spectrogram = `${name}.png`;
  writeAudio(path.join(folder, audio), sound, pipeline.sampleRateHz, gain);
  await paintPanels(path.join(folder, spectrogram), withFrames(pipeline, frames), [
    { title, features, minDb, maxDb },
  ]);
  await into.features.writeFile(new Uint8Array(features.buffer, features.byteOffset, features.byteLength));
  const sha256 = createHash('sha256')
    .update(await readFile(path.join(folder, audio)))
    .digest('hex');
  return {
    ...{ index, title, group, position, meanOf, minDb, maxDb, audio, spectrogram, sha256 },
    ...(frames === undefined ? {} : { frames }),
    attenuatedDb: attenuationDb(gain),
    givenSec: clip.givenSec ?? null,
    lsdDb: clip.lsdDb ?? null,
  };
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GeneratedClip, GeneratedSet } from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { synthesise } from '../../dsp/representation.ts';
import { featureShape } from '../../dsp/pipeline.ts';
import { createFolderAtomic, writeFileAtomic } from '../../files/atomic-file.ts';
import { attenuationDb, commonGain } from '../audio-files.ts';
import { resultNames } from '../file-names.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { writeAudio, writeJson } from '../media.ts';
import type { ServiceContext } from '../service.ts';
import { paintPanels } from '../spectrogram-image.ts';
import { planClips, type Planned } from './ingredients.ts';
import type { LatentRequests } from './protocol.ts';
import { setFiles } from './set-files.ts';

/**
 * Makes the clips of a recipe: WAV and picture of each, what the model gave, and the recipe, in a folder that is there
 * whole or not at all. Where another process was faster its folder stays: the same recipe gives the same clips.
 *
 * @throws ResynthError inference/no-capability; what encoding throws; files/disk-full; internal/cancelled.
 */
export async function generateSet(
  model: LoadedModel,
  job: LatentRequests['generate']['params'],
  context: ServiceContext,
): Promise<GeneratedSet> {
  const pipeline = model.config.features;
  const { bins, frames, samples } = featureShape(pipeline);
  const size = bins * frames;
  const { recipe, folder, id, notes } = job;
  const stage = 'Generating clips';
  context.progress({ stage, detail: 'codes' });
  const { codes, clips: planned } = await planClips(model, recipe, job.ingredients);
  const total = planned.length;
  context.progress({ stage, done: 0, total, unit: 'clips' });
  const decoded = await model.decode(codes);
  const set: GeneratedSet = {
    id,
    run: model.used.run,
    createdMs: Date.now(),
    recipe,
    model: model.used,
    sampleRateHz: pipeline.sampleRateHz,
    durationSec: samples / pipeline.sampleRateHz,
    folder,
    bytes: 0,
    clips: [],
    notes,
  };
  const names = resultNames(
    planned.map((clip, at) => `${String(at + 1).padStart(3, '0')} ${clip.title}`.replaceAll('.', '_')),
  );
  await createFolderAtomic(folder, async (temporary) => {
    for (const [index, clip] of planned.entries()) {
      if (context.signal.aborted) throw new ResynthError('internal/cancelled');
      const features = decoded.subarray(index * size, (index + 1) * size);
      const name = names[index] ?? String(index);
      set.clips.push(
        await writeClip(model, { ...clip, index, name, features }, recipe.made.settings, temporary),
      );
      context.progress({ stage, done: index + 1, total, unit: 'clips' });
    }
    const bytes = new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
    await writeFileAtomic(path.join(temporary, setFiles.features), bytes);
    await writeJson(path.join(temporary, setFiles.set), set);
  });
  return set;
}

async function writeClip(
  model: LoadedModel,
  clip: Planned & { index: number; name: string; features: Float32Array },
  { method, iterations, seed }: { method: 'griffin-lim' | 'zero-phase'; iterations: number; seed: number },
  folder: string,
): Promise<GeneratedClip> {
  const pipeline = model.config.features;
  const { features, name, minDb, maxDb, index, title, group, position, meanOf } = clip;
  const sound = synthesise(features, { minDb, maxDb }, pipeline, { method, iterations, seed });
  const gain = commonGain([sound]);
  const audio = `${name}.wav`;
  const spectrogram = `${name}.png`;
  writeAudio(path.join(folder, audio), sound, pipeline.sampleRateHz, gain);
  await paintPanels(path.join(folder, spectrogram), pipeline, [{ title, features, minDb, maxDb }]);
  const sha256 = createHash('sha256')
    .update(await readFile(path.join(folder, audio)))
    .digest('hex');
  return {
    ...{ index, title, group, position, meanOf, minDb, maxDb, audio, spectrogram, sha256 },
    attenuatedDb: attenuationDb(gain),
  };
}

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { wholeFile } from '../../../src-main/analyst/segment.ts';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import { handleImportCheckpoint } from '../../../src-main/host/runs/runs-import.ts';
import { LoadedModel } from '../../../src-main/inference/loaded-model.ts';
import { reconstructFiles } from '../../../src-main/inference/reconstruct-files.ts';
import { reconstructSound } from '../../../src-main/inference/reconstruct-sound.ts';
import { reconstructSounds } from '../../../src-main/inference/reconstruct-sounds.ts';
import { smallIni, writeCheckpointFile } from '../../checkpoints/small-checkpoint.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';
import { contextOf, openTestHost } from '../../host/open-test-host.ts';

const tensorflow = await openTensorFlow();
/** As the tests' own TensorFlow is opened. */
const engine = { backend: 'tensorflow', device: 'cpu', threads: 2 } as const;
const context = { signal: new AbortController().signal, progress: () => undefined };

/** A small VAE at 1 kHz, and recordings for it: a tone after silence, and silence. */
async function bench() {
  const folder = await temporaryFolder();
  const host = await openTestHost(path.join(folder, 'home'));
  const config = path.join(folder, 'config.ini');
  writeFileSync(config, smallIni);
  const input = { file: writeCheckpointFile(folder, 'a.pt'), config, name: undefined, dataset: undefined };
  const made = await handleImportCheckpoint(input, contextOf(host));
  const reference = { runFolder: made.folder, runName: made.name, checkpoint: 'best' as const, engine };
  const model = await LoadedModel.load(reference);
  const [tone, silence] = [path.join(folder, 'tone.wav'), path.join(folder, 'silence.wav')];
  const samples = Float32Array.from({ length: 9000 }, (_, n) => (n < 3000 ? 0 : 0.4 * Math.sin(n / 3)));
  writeWav(tone, samples, 1000);
  writeWav(silence, new Float32Array(2000), 1000);
  const reconstruct = (latent: 'mean' | 'sample', seed: number) =>
    reconstructFiles(
      model,
      {
        ...{ model: reference, files: [tone, silence], folder: path.join(folder, `${latent}-${seed}`) },
        inversion: { methods: ['original-phase', 'griffin-lim'], iterations: 2, seed },
        ...{ bits: 32, latent },
      },
      context,
    );
  return { folder, model, reference, tone, silence, reconstruct };
}

describe.skipIf(!tensorflow)('a model of utterances', () => {
  it('takes a recording whole, without the silence at its ends, and refuses silence by name', async () => {
    const { model, reconstruct } = await bench();
    const output = await reconstruct('mean', 0);
    const [clip] = output.clips;
    expect(clip!.spokenSec).toBeGreaterThan(5.9);
    expect(clip!.spokenSec).toBeLessThan(7.1);
    expect(clip!.reconstruction.map(({ method }) => method)).toEqual(['original-phase', 'griffin-lim']);
    expect(clip!.ceiling[0]!.error.lsdSpokenFramesDb).toBeLessThan(1);
    expect(clip!.codeWidths).toEqual([]);
    expect(clip!.klNats).toBeGreaterThan(0);
    expect(output.failed).toMatchObject([{ code: 'inference/nothing-heard' }]);
    expect(model.can('encode')).toBe(false);
    await expect(model.encode(new Float32Array(0))).rejects.toMatchObject({
      code: 'inference/no-capability',
    });
    model.dispose();
  });

  it('draws z by the seed where it is to', async () => {
    const { model, reconstruct } = await bench();
    const error = async (latent: 'mean' | 'sample', seed: number) =>
      (await reconstruct(latent, seed)).clips[0]!.error.mse;
    const first = await error('sample', 1);
    expect(await error('sample', 1)).toBe(first);
    expect(await error('sample', 2)).not.toBe(first);
    expect(await error('mean', 1)).not.toBe(first);
    expect(await error('mean', 2)).toBe(await error('mean', 1));
    model.dispose();
  });

  it('says where in the recording its sound lies, and refuses by itself', async () => {
    const { folder, model, tone, silence } = await bench();
    const files = [tone, silence].map((file) => ({
      path: file,
      stretch: wholeFile,
      out: path.join(folder, `x-${path.basename(file)}`),
    }));
    const { sounds } = await reconstructSounds(
      model,
      folder,
      { files, bits: 32, iterations: 2, seed: 0 },
      context,
    );
    const [sound, refused] = sounds;
    if (!sound || 'refused' in sound) throw new Error('there is no sound');
    expect(sound.fromSec).toBeGreaterThan(1.9);
    expect(sound.fromSec + sound.seconds).toBeLessThanOrEqual(9.001);
    expect(sound.codedBits).toBeNull();
    expect(refused).toMatchObject({ refused: { code: 'inference/nothing-heard' } });
    model.dispose();
  });

  it('gives pictures and sound of one recording as long as it is', async () => {
    const { model, reference, tone } = await bench();
    const heard = await reconstructSound(model, {
      ...{ model: reference, file: tone, name: 'tone', startSec: 0, lengthSec: null },
      ...{ fromSec: 0, mostSec: 30, extent: 'first', iterations: 2, seed: 0 },
    });
    expect(heard.pieces).toBe(1);
    expect(heard.modelledSec).toBeGreaterThan(5.9);
    const frames = 1 + Math.floor((heard.modelledSec * 1000) / 8);
    for (const version of [heard.original, heard.ceiling, heard.reconstruction]) {
      expect(version.levels.length).toBe(9 * frames);
      expect(version.samples.length).toBe(Math.round(heard.modelledSec * 1000));
    }
    model.dispose();
  });
});

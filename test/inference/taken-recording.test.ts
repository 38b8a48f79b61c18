import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { encodeWav } from '../../src-main/audio/write-wav.ts';
import { featureShape } from '../../src-main/dsp/pipeline.ts';
import { uniformNumbers } from '../../src-main/dsp/random.ts';
import { LoadedModel } from '../../src-main/inference/loaded-model.ts';
import { reconstructFiles } from '../../src-main/inference/reconstruct-files.ts';
import { reconstructSound } from '../../src-main/inference/reconstruct-sound.ts';
import { reconstructSounds } from '../../src-main/inference/reconstruct-sounds.ts';
import type { ServiceContext } from '../../src-main/inference/service.ts';
import {
  codeNumbersIn,
  decodeTaken,
  encodeTaken,
  takeRecording,
} from '../../src-main/inference/taken-recording.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { tinyFragments, tinyRun, toneWav } from './tiny-run.ts';

const context: ServiceContext = { progress: () => undefined, signal: new AbortController().signal };

function noise(count: number, seed = 0): Float32Array {
  return Float32Array.from(uniformNumbers(seed, count), (value) => value - 0.5);
}

async function loaded(request?: typeof tinyFragments) {
  const root = await temporaryFolder();
  const reference = await tinyRun(root, [7], request);
  const model = await LoadedModel.load(reference);
  onTestFinished(() => model.dispose());
  return { root, reference, model };
}

/** Samples of one fragment of the tiny model. */
const fragment = 4 * 32;

describe('a recording, taken by a model whose clips follow on one another', () => {
  it('is taken whole, each fragment by itself, and together with others as alone', async () => {
    const { model } = await loaded(tinyFragments);
    const pipeline = model.config.features;
    const [long, short] = [5 * fragment - 7, 30].map((count, seed) =>
      takeRecording(noise(count, seed), 8000, pipeline),
    ) as [ReturnType<typeof takeRecording>, ReturnType<typeof takeRecording>];
    expect([long.clips, short.clips]).toEqual([3, 1]);
    expect(featureShape(long.config).frames).toBe(20);
    expect([codeNumbersIn(long, model), codeNumbersIn(short, model)]).toEqual([15, 3]);
    const together = await encodeTaken(model, [long, short]);
    const [alone] = await encodeTaken(model, [long]);
    expect(together[0]).toEqual(alone);
    // Two fragments a clip, the sixth is beyond the end.
    expect(together.map(({ mean }) => mean.length)).toEqual([18, 6]);
    const [levels, others] = await decodeTaken(
      model,
      [long, short],
      together.map(({ mean }) => mean),
    );
    expect([levels?.length, others?.length]).toEqual([32 * 20, 32 * 4]);
    // The third fragment is what its own three numbers decode to.
    const code = new Float32Array(6);
    code.set(together[0]?.mean.subarray(6, 9) ?? []);
    const third = await model.decode(code);
    for (const [bin, frame] of [
      [0, 0],
      [17, 2],
      [31, 3],
    ] as const) {
      expect(levels?.[bin * 20 + 8 + frame]).toBeCloseTo(third[bin * 8 + frame] ?? NaN, 6);
    }
  });

  it('is reconstructed from its beginning to its end by every way, at its own length and rate', async () => {
    const { root, reference, model } = await loaded(tinyFragments);
    const files = { long: toneWav(0.5), short: toneWav(0.004), other: toneWav(0.3, 11_025) };
    const paths = Object.keys(files).map((name) => path.join(root, `${name}.wav`));
    for (const [at, bytes] of Object.values(files).entries()) await writeFile(paths[at] ?? '', bytes);
    const folder = path.join(root, 'out');
    const inversion = { methods: ['griffin-lim' as const], iterations: 2, seed: 0 };
    const { clips, failed } = await reconstructFiles(
      model,
      { model: reference, files: paths, folder, inversion, bits: 8 },
      context,
    );
    expect(failed).toEqual([]);
    expect(clips.flatMap(({ warnings }) => warnings)).toEqual([
      'it is shorter than one frame: its spoken bitrate counts 8.0 ms',
    ]);
    for (const clip of clips) {
      expect(clip.paddedSec).toBeGreaterThanOrEqual(clip.sourceDurationSec - 1e-4);
      expect(clip.paddedSec - clip.sourceDurationSec).toBeLessThan(fragment / 8000);
      const written = decodeAudio(clip.reconstruction[0]?.file ?? '').channels[0];
      expect(written?.length).toBe(Math.round(clip.paddedSec * 8000));
      // Three numbers a fragment and two extremes.
      const [width] = clip.codeWidths;
      expect(width?.padded.codeNumbers).toBe(3 * Math.round((clip.paddedSec * 8000) / fragment));
    }
    const job = {
      files: paths.map((file) => ({
        path: file,
        stretch: { startSec: null, endSec: null },
        out: `${file}.made.wav`,
      })),
    };
    const judged = await reconstructSounds(
      model,
      folder,
      { ...job, bits: 8, iterations: 2, seed: 0 },
      context,
    );
    for (const [at, sound] of judged.sounds.entries()) {
      if ('refused' in sound) throw new Error(sound.refused.message);
      expect(sound.seconds).toBeCloseTo(clips[at]?.sourceDurationSec ?? 0, 4);
      expect(sound.code?.length).toBe(clips[at]?.codeWidths[0]?.padded.codeNumbers);
      expect(sound.warnings).toEqual([]);
    }
    const heard = await reconstructSound(model, {
      ...{ model: reference, file: paths[0] ?? '', name: 'long', startSec: 0, lengthSec: null, fromSec: 0 },
      ...{ mostSec: 30, extent: 'first', iterations: 2, seed: 0 },
    });
    expect(heard).toMatchObject({ pieces: 1, overlapSec: 0 });
    expect(heard.modelledSec).toBeCloseTo(0.5, 6);
    expect(heard.error.mse).toBeCloseTo(
      clips[0]?.codeWidths.find(({ bitsPerCodeNumber }) => bitsPerCodeNumber === 32)?.error.mse ?? NaN,
      6,
    );
  });

  it('stays silent where it is silent', async () => {
    const { root, reference, model } = await loaded(tinyFragments);
    const silent = path.join(root, 'silent.wav');
    await writeFile(silent, encodeWav([new Float32Array(2000)], 8000, 'pcm16').bytes);
    const folder = path.join(root, 'out');
    await mkdir(folder);
    const inversion = { methods: ['griffin-lim' as const], iterations: 2, seed: 0 };
    const { clips } = await reconstructFiles(
      model,
      { model: reference, files: [silent], folder, inversion, bits: 32 },
      context,
    );
    expect(clips[0]?.warnings.join()).toContain('silent');
    const made = await readFile(clips[0]?.reconstruction[0]?.file ?? '');
    expect(made.subarray(44).every((byte) => byte === 0)).toBe(true);
  });
});

describe('a recording, taken by a model of clips', () => {
  it('is its first clip', async () => {
    const { model } = await loaded();
    const taken = takeRecording(noise(8000), 8000, model.config.features);
    expect(taken.clips).toBe(1);
    expect(taken.config).toEqual(model.config.features);
    expect(codeNumbersIn(taken, model)).toBe(model.latentDim);
    const [posterior] = await encodeTaken(model, [taken]);
    expect(posterior).toEqual(await model.encode(taken.clip.input));
  });
});

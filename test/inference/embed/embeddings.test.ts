import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeAudio } from '../../../src-main/audio/decode.ts';
import { readNpy, writeNpy } from '../../../src-main/files/npy-matrix.ts';
import { decodeEmbeddings } from '../../../src-main/inference/embed/decode-embeddings.ts';
import { embedRecordings } from '../../../src-main/inference/embed/embed-recordings.ts';
import type { EmbeddedFacts } from '../../../src-main/inference/embed/protocol.ts';
import { LoadedModel } from '../../../src-main/inference/loaded-model.ts';
import { reconstructFiles } from '../../../src-main/inference/reconstruct-files.ts';
import type { ConfigRequest } from '../../../src-main/models/overrides.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { tinyFragments, tinyRun, tinySettings, toneWav } from '../tiny-run.ts';

const signal = new AbortController().signal;
const quiet = { progress: () => undefined, signal };
const inversion = { iterations: 2, seed: 0 };

/** Three stages of four codes at 8 x 10 positions. */
const quantised: ConfigRequest = {
  preset: 'rvq-vae-coarse',
  overrides: {
    ...{ filters: '2,2', kernels: '3,3', strides: '2,2', codeChannels: '4', stages: '3', codebookSize: '4' },
    initialisation: 'glorot-normal',
    ...{ nFft: '64', hopLength: '32', sampleRateHz: '8000', durationSec: '0.15', batchSize: '4' },
  },
};
/** A vector a frame, and one of the whole recording. */
const dynamical: ConfigRequest = {
  preset: 'dvae-dsae',
  overrides: {
    ...{ 'features.nFft': '32', 'features.hopLength': '16', 'features.frames': '8', sampleRateHz: '8000' },
    ...{ latentDim: '2', batchSize: '2' },
  },
};
const families: Record<string, ConfigRequest> = {
  'a mixture': { preset: 'gm-vae-compact', overrides: tinySettings },
  'discrete codes': quantised,
  fragments: tinyFragments,
  'a dynamical model': dynamical,
};

async function opened(request: ConfigRequest, durationSec = 0.1) {
  const root = await temporaryFolder();
  const reference = await tinyRun(root, [7], request);
  const model = await LoadedModel.load(reference);
  onTestFinished(() => model.dispose());
  const file = path.join(root, 'tone.wav');
  const npy = path.join(root, 'tone.npy');
  const out = path.join(root, 'tone again.wav');
  writeFileSync(file, toneWav(durationSec));
  const embed = async () => {
    const contentHash = createHash('sha256').update(readFileSync(file)).digest('hex');
    const stretch = { startSec: null, endSec: null };
    const files = [{ id: 'tone.wav', path: file, contentHash, stretch, out: npy }];
    const [first] = (await embedRecordings(model, { model: reference, files }, quiet)).embedded;
    return first as NonNullable<typeof first>;
  };
  const facts = async (): Promise<EmbeddedFacts> => {
    const made = await embed();
    if ('refused' in made) throw new Error(made.refused.message);
    return made;
  };
  const decode = async (of: EmbeddedFacts) => {
    const files = [{ npy, out, facts: of }];
    const [first] = (await decodeEmbeddings(model, { model: reference, files, ...inversion }, quiet)).decoded;
    return first as NonNullable<typeof first>;
  };
  const reconstructed = async () => {
    const folder = path.join(root, 'reconstructed');
    const methods = ['griffin-lim' as const];
    const job = {
      model: reference,
      files: [file],
      folder,
      inversion: { methods, ...inversion },
      bits: 32 as const,
    };
    await reconstructFiles(model, job, quiet);
    return decodeAudio(path.join(folder, 'tone.reconstruction.griffin-lim.wav')).channels[0] as Float32Array;
  };
  return { root, file, npy, out, model, embed, facts, decode, reconstructed };
}

/** Cosine of the angle between what both have in common: their loudness may differ. */
function likeness(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    dot += a[at]! * b[at]!;
    aa += a[at]! ** 2;
    bb += b[at]! ** 2;
  }
  return dot / Math.sqrt(aa * bb);
}

describe('codes of a recording in a file', () => {
  it.each(Object.entries(families))('decode to what reconstruct gives: %s', async (_, request) => {
    const { facts, decode, reconstructed, out } = await opened(request);
    const made = await facts();
    expect(await decode(made)).toMatchObject({ seconds: expect.closeTo(made.seconds, 3) as number });
    const heard = decodeAudio(out).channels[0] as Float32Array;
    expect(heard.some((sample) => sample !== 0)).toBe(true);
    expect(likeness(heard, await reconstructed())).toBeGreaterThan(0.999);
  });

  it('are indices where they are discrete, and nothing else decodes', async () => {
    const { facts, decode, npy } = await opened(quantised);
    const made = await facts();
    const { data, shape } = await readNpy(npy);
    expect(shape).toEqual([80, 3]);
    expect(readFileSync(npy).toString('latin1', 0, 60)).toContain("'<i2'");
    expect(data.every((index) => [0, 1, 2, 3].includes(index))).toBe(true);
    for (const wrong of [4, -1, 0.5]) {
      await writeNpy(
        npy,
        Float32Array.from(data, (index, at) => (at === 17 ? wrong : index)),
        shape,
      );
      expect(await decode(made)).toMatchObject({ refused: { code: 'embed/code-unfit' } });
    }
    await writeNpy(npy, data.slice(0, 240 - 3), [79, 3]);
    expect(await decode(made)).toMatchObject({
      refused: { message: expect.stringContaining('240') as string },
    });
  });

  it('are as many vectors as a recording has frames, of which some can be left out', async () => {
    const { facts, decode, npy } = await opened(dynamical);
    const made = await facts();
    expect(made).toMatchObject({ numbers: 2, whole: expect.any(Array) as unknown });
    const { data, shape } = await readNpy(npy);
    expect(shape).toEqual([made.vectors, 2]);
    await writeNpy(npy, data.slice(0, 20), [10, 2]);
    expect(await decode(made)).toMatchObject({ seconds: (9 * 16) / 8000 });
  });

  it('are one fragment at least, and say so where there is silence alone', async () => {
    const short = await opened(tinyFragments, 0.004);
    expect(await short.facts()).toMatchObject({
      vectors: 1,
      numbers: 3,
      seconds: expect.closeTo(0.004, 4) as number,
    });
    writeFileSync(short.file, readFileSync(short.file).fill(0, 44));
    expect(await short.embed()).toMatchObject({ warnings: ['it is silent'] });
    expect(await short.decode(await short.facts())).not.toHaveProperty('refused');
  });

  it('refuses, by name, a recording without a sound to model, and an index that lies', async () => {
    const { facts, decode, embed, file, npy } = await opened(dynamical);
    const made = await facts();
    // An hour that its frames cannot fill is cut to what they do.
    expect(await decode({ ...made, seconds: 3600 })).toMatchObject({ seconds: (made.vectors * 16) / 8000 });
    expect(await decode({ ...made, scale: 1e300 })).toMatchObject({
      refused: { code: 'embed/code-unfit', message: expect.stringContaining(npy) as string },
    });
    for (const whole of [null, [1, 2, 3]]) {
      expect(await decode({ ...made, whole })).toMatchObject({ refused: { code: 'embed/code-unfit' } });
    }
    writeFileSync(file, readFileSync(file).fill(0, 44));
    expect(await embed()).toMatchObject({ refused: { code: 'inference/nothing-heard' } });
  });
});

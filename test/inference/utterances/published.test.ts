/** The published checkpoints through import, model and metrics, against the figures of the published code. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureFiles } from '../../../src-main/analyst/measure.ts';
import { wholeFile } from '../../../src-main/analyst/segment.ts';
import { decodeAudio, mixToMono } from '../../../src-main/audio/decode.ts';
import { handleImportCheckpoint } from '../../../src-main/host/runs/runs-import.ts';
import { LoadedModel } from '../../../src-main/inference/loaded-model.ts';
import { reconstructFiles } from '../../../src-main/inference/reconstruct-files.ts';
import { reconstructSounds } from '../../../src-main/inference/reconstruct-sounds.ts';
import { referenceCheckpoint } from '../../checkpoints/reference-checkpoint.ts';
import { referenceFolder } from '../../helpers/reference-data.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';
import { contextOf, openTestHost } from '../../host/open-test-host.ts';

const reference = referenceFolder('reference', 'dvae');
const checkpoints = referenceFolder('reference', 'dvae-checkpoints');
const tensorflow = reference && checkpoints && (await openTensorFlow());

interface Figures {
  /** Of the recording at a peak of 1, as the paper has it. */
  rmse: number;
  rmse_unnormalised_ref: number;
  stoi: number;
  pesq_nb: number;
  pesq_wb: number;
}

async function imported(checkpoint: string, config: string) {
  const folder = await temporaryFolder();
  const host = await openTestHost(path.join(folder, 'home'));
  const input = { file: checkpoint, config, name: undefined, dataset: undefined };
  const made = await handleImportCheckpoint(input, contextOf(host));
  const model = await LoadedModel.load({
    runFolder: made.folder,
    runName: made.name,
    checkpoint: 'best',
    engine,
  });
  return { folder, model };
}

/** As the tests' own TensorFlow is opened. */
const engine = { backend: 'tensorflow', device: 'cpu', threads: 2 } as const;
const context = { signal: new AbortController().signal, progress: () => undefined };

/** Four as they were published, one in PyTorch's format of today, three whose weights are there as numbers. */
const models = ['VAE', 'DKF', 'STORN', 'VRNN', 'SRNN', 'RVAE-Causal', 'RVAE-NonCausal', 'DSAE'];

describe.skipIf(!tensorflow).each(models)('%s', (name) => {
  const inReference = (file: string): string => path.join(reference ?? '', name, file);
  const clips = ['clip2s', 'clip4s'].map((clip) => path.join(reference ?? '', 'clips', `${clip}.wav`));
  const results = () =>
    JSON.parse(readFileSync(inReference('results.json'), 'utf8')) as {
      clips: Record<string, { metrics_zmean: Figures }>;
    };

  it('gives the figures and the files of the published code', async () => {
    const published = path.join(checkpoints ?? '', name);
    const file = referenceCheckpoint(
      inReference(''),
      existsSync(published) ? published : null,
      await temporaryFolder(),
    );
    const { folder, model } = await imported(file, inReference('config.ini'));
    const files = clips.map((clip) => ({
      path: clip,
      stretch: wholeFile,
      out: path.join(folder, path.basename(clip)),
    }));
    const job = { files, bits: 32 as const, iterations: 32, seed: 0 };
    const { sounds } = await reconstructSounds(model, folder, job, context);
    for (const [index, clip] of clips.entries()) {
      const sound = sounds[index]!;
      if ('refused' in sound) throw new Error(sound.refused.message);
      const { values } = measureFiles({
        kind: 'measure',
        reference: clip,
        degraded: files[index]!.out,
        contentHash: null,
        stretch: wholeFile,
        fromSec: sound.fromSec,
        metrics: ['rmse', 'rmse_normalised', 'stoi', 'pesq_nb', 'pesq_wb'],
        rateHz: 'own',
        mostSec: sound.seconds,
        ...{ align: 'off', trim: true, matchGain: false },
      });
      const expected = results().clips[path.parse(clip).name]!.metrics_zmean;
      expect(Math.abs(values.rmse! - expected.rmse_unnormalised_ref)).toBeLessThan(1e-4);
      expect(Math.abs(values.rmse_normalised! - expected.rmse)).toBeLessThan(1e-4);
      expect(Math.abs(values.stoi! - expected.stoi)).toBeLessThan(1e-3);
      expect(Math.abs(values.pesq_nb! - expected.pesq_nb)).toBeLessThan(0.01);
      expect(Math.abs(values.pesq_wb! - expected.pesq_wb)).toBeLessThan(0.01);
    }
    const inversion = { methods: ['original-phase' as const], iterations: 32, seed: 0 };
    const made = await reconstructFiles(
      model,
      {
        model: { runFolder: '', runName: '', checkpoint: 'best' },
        files: clips,
        folder,
        inversion,
        bits: 32,
      },
      context,
    );
    for (const [index, clip] of clips.entries()) {
      const read = (wav: string): Float32Array => mixToMono(decodeAudio(wav).channels);
      const ours = read(made.clips[index]!.reconstruction[0]!.file);
      const theirs = read(inReference(`${path.parse(clip).name}_recon_zmean.wav`));
      expect(ours.length).toBe(theirs.length);
      // Rounding to 16 bits: theirs downward, ours to the nearest.
      const worst = ours.reduce((most, sample, at) => Math.max(most, Math.abs(sample - theirs[at]!)), 0);
      expect(worst).toBeLessThan(2.5 / 32_768);
    }
    model.dispose();
  });
});

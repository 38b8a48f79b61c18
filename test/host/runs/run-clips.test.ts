import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runsClip, runsClips, runsDifference } from '../../../src-preload/contract/commands/runs-live.ts';
import {
  handleRunsClip,
  handleRunsClips,
  handleRunsDifference,
} from '../../../src-main/host/runs/run-clips.ts';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import { createRun } from '../../../src-main/host/runs/runs.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { clipStepFile, writeClipIndex, writeClipLevels } from '../../../src-main/trainer/clips/files.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { listeningHost } from '../listening/listening-services.ts';

/** A run that has decoded two clips at steps 0 and 8. */
async function bench() {
  const host = listeningHost(await temporaryFolder());
  const config = resolveConfig({ preset: 'fsdd-vae-compact' });
  const { folder, record } = await createRun(host.home, {
    config,
    dataset: { id: 'd', name: 'tones', folder: host.folder, splitHash: 'h' },
    name: 'r',
    nameFrom: 'r',
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });
  const recordings = [host.add('a.wav'), host.add('b.wav', { sec: 0.3 })];
  writeClipIndex(folder, {
    schema: 1,
    split: 'validation',
    features: config.features,
    shape: [256, 64],
    clips: recordings.map(({ id, contentHash, durationSec }) => ({
      ...{ recording: id, contentHash, speaker: 's', label: 'tone', durationSec, spokenSec: durationSec },
      ...{ minDb: -60, maxDb: 20 },
    })),
  });
  for (const step of [0, 8]) {
    const data = new Float32Array(2 * 256 * 64).map((_, at) =>
      at % (64 * 16) < 64 * 2 ? 0.5 + step / 20 : 0,
    );
    writeClipLevels(folder, { step, epoch: step / 4, mse: [0.25, 0.5] }, { data, shape: [2, 256, 64] });
  }
  const clip = (changes: object) => {
    const input = runsClip.input.parse({ run: record.id, clip: 0, kind: 'reconstruction', ...changes });
    return handleRunsClip(input, host.context);
  };
  const difference = async (changes: object) =>
    runsDifference.output.parse(
      await handleRunsDifference(
        runsDifference.input.parse({ run: record.id, clip: 0, ...changes }),
        host.context,
      ),
    );
  return { ...host, run: record.id, runFolder: folder, clip, difference };
}

/** The same beside a folder of somebody's own, which has the first clip's recording as it is. */
async function benchWithSystem() {
  const host = await bench();
  const folder = path.join(host.home.root, 'theirs');
  mkdirSync(folder);
  copyFileSync(path.join(host.folder, 'a.wav'), path.join(folder, 'a.wav'));
  const system = { id: 'e1', name: 'theirs', folder, dataset: 'd', createdMs: 0, matching: {} };
  Object.assign(host.context.services.database, {
    listSystems: async () => [system],
    recordingsAfter: async (_dataset: string, last: string | null) =>
      last === null ? ['a.wav', 'b.wav'].map((id) => ({ id, excluded: null })) : [],
  });
  return host;
}

describe('clips of a run that cuts silence', () => {
  it('are heard beside another system from the same moment of the recording on', async () => {
    const { folder, clip, runFolder, home } = await benchWithSystem();
    const { features } = resolveConfig({ preset: 'dvae-vae' });
    const silence = new Float32Array(8000);
    const tone = Float32Array.from({ length: 3 * 8000 }, (_, n) => 0.5 * Math.sin(n * (0.1 + n / 1e6)));
    const file = path.join(folder, 'a.wav');
    writeWav(file, Float32Array.of(...silence, ...tone), 8000);
    // Theirs is not silent before: cut by itself, it would begin earlier.
    const theirs = silence.map((_, n) => (n < 4000 ? 0.5 * Math.sin(n) : 0));
    writeWav(path.join(home.root, 'theirs', 'a.wav'), Float32Array.of(...theirs, ...tone), 8000);
    const { frames } = features as { frames: number };
    const about = { speaker: null, label: null, durationSec: 4, contentHash: null, minDb: -60, maxDb: 20 };
    writeClipIndex(runFolder, {
      ...{ schema: 1, split: 'validation', features, shape: [257, frames] },
      clips: [{ recording: 'a.wav', spokenSec: 2.4, ...about }],
    });
    const original = await clip({ kind: 'original' });
    const heard = await clip({ kind: 'external', system: 'theirs' });
    const difference = original.sound!.samples.map((value, n) => Math.abs(value - heard.sound!.samples[n]!));
    expect(Math.max(...difference)).toBeLessThan(1e-3);
  });
});

describe('clips of a run', () => {
  it('are listed with the steps at which they were decoded', async () => {
    const { run, context } = await bench();
    const output = runsClips.output.parse(await handleRunsClips({ run }, context));
    expect(output.clips).toHaveLength(2);
    expect(output.clips[1]).toMatchObject({ index: 1, recording: 'b.wav', label: 'tone', durationSec: 0.3 });
    expect(output.steps).toEqual([
      { step: 0, epoch: 0, mse: [0.25, 0.5] },
      { step: 8, epoch: 2, mse: [0.25, 0.5] },
    ]);
  });

  it('are heard as a baseline makes of them, at the rate and the length of the run, and kept', async () => {
    const { clip, home } = await bench();
    const original = await clip({ kind: 'original' });
    const heard = await clip({ kind: 'baseline', system: 'low-pass:200' });
    expect(heard).toMatchObject({ kind: 'baseline', step: null, mse: null });
    expect(heard.label).toContain('low-pass:200');
    expect(heard.sound?.sampleRateHz).toBe(original.sound?.sampleRateHz);
    expect(heard.sound?.samples).toHaveLength(original.sound?.samples.length ?? 0);
    const { minDb, maxDb, bins, frames } = heard.picture;
    expect(original.picture).toMatchObject({ minDb, maxDb, bins, frames });
    // The tone of 440 Hz is mostly gone.
    const energy = ({ sound }: typeof heard) =>
      (sound?.samples ?? new Float32Array()).reduce((sum, sample) => sum + sample ** 2, 0);
    expect(energy(heard)).toBeLessThan(0.25 * energy(original));
    const kept = await readdir(path.join(home.media, 'systems'));
    await clip({ kind: 'baseline', system: 'low-pass:200', sound: false });
    expect(await readdir(path.join(home.media, 'systems'))).toEqual(kept);
    expect(kept).toHaveLength(1);
  });

  it('are heard as an external system has them, and only what it has', async () => {
    const { clip, context } = await benchWithSystem();
    const original = await clip({ kind: 'original' });
    const heard = await clip({ kind: 'external', system: 'theirs' });
    expect(heard.label).toContain('theirs');
    expect(heard.sound?.samples).toEqual(original.sound?.samples);
    await expect(clip({ kind: 'external', system: 'theirs', clip: 1 })).rejects.toMatchObject({
      code: 'evaluations/not-matched',
    });
    await expect(clip({ kind: 'external', system: 'nobody' })).rejects.toMatchObject({
      code: 'systems/not-found',
    });
    await expect(clip({ kind: 'external' })).rejects.toMatchObject({ code: 'systems/not-named' });
    await expect(clip({ kind: 'baseline', system: 'opsu:12' })).rejects.toMatchObject({
      code: 'baselines/unknown',
    });
    // Another dataset has another recording of this name.
    Object.assign(context.services.database, {
      readRecording: async () => ({
        contentHash: 'f'.repeat(64),
        source: null,
        startSec: null,
        endSec: null,
      }),
    });
    await expect(clip({ kind: 'external', system: 'theirs' })).rejects.toMatchObject({
      code: 'systems/other-recording',
    });
  });

  it('differ from the recording by what their pictures say, in signed dB, at the step that was asked for', async () => {
    const { clip, difference } = await bench();
    const original = (await clip({ kind: 'original' })).picture;
    for (const step of [0, 8]) {
      const { picture, rmsDb, meanDb, ...told } = await difference({ step });
      expect(told).toMatchObject({ clip: 0, step });
      const reconstruction = (await clip({ step })).picture;
      const dbOf = ({ levels, minDb, maxDb }: Pick<typeof original, 'levels' | 'minDb' | 'maxDb'>) =>
        [...levels].map((level) => minDb + (level / 255) * (maxDb - minDb));
      const [before, after, shown] = [original, reconstruction, picture].map(dbOf) as [
        number[],
        number[],
        number[],
      ];
      const wanted = after.map((db, at) => db - (before[at] ?? 0));
      // Both pictures round to a third of a dB.
      const wrong = shown.filter((db, at) => {
        const one = wanted[at] ?? 0;
        return Math.abs(one) < 29 ? Math.abs(db - one) > 0.6 : Math.sign(db) !== Math.sign(one);
      });
      expect(wrong).toEqual([]);
      expect(meanDb).toBeCloseTo(wanted.reduce((sum, db) => sum + db, 0) / wanted.length, 0);
      expect(rmsDb).toBeGreaterThanOrEqual(Math.abs(meanDb));
    }
    await expect(difference({ step: 5 })).rejects.toMatchObject({ code: 'runs/clip-step-missing' });
    await expect(difference({ clip: 9 })).rejects.toMatchObject({ code: 'runs/clip-unknown' });
  });

  it('are heard and seen on one scale, whatever they are', async () => {
    const { clip } = await bench();
    const outputs = [
      await clip({ step: 0 }),
      await clip({}),
      await clip({ kind: 'original' }),
      await clip({ kind: 'ceiling' }),
    ];
    for (const output of outputs) {
      expect(runsClip.output.safeParse(output).error).toBeUndefined();
      expect(output.picture).toMatchObject({ bins: 256, frames: 64, minDb: -103, maxDb: -22 });
      expect(output.sound?.samples).toHaveLength(16_317);
    }
    expect(outputs.map(({ step }) => step)).toEqual([0, 8, null, null]);
    expect(outputs[1]).toMatchObject({
      mse: 0.25,
      label: expect.stringMatching(/^Step 8, epoch 2, Griffin-Lim/),
    });
    expect(outputs[3]?.label).toMatch(/^Ceiling: no model/);
    expect(Math.max(...(outputs[1]?.picture.levels ?? []))).toBeGreaterThan(
      Math.max(...(outputs[0]?.picture.levels ?? [])),
    );
  });

  it('are the same sound the second time, from what was kept', async () => {
    const { clip, home } = await bench();
    const first = await clip({ step: 8 });
    const kept = await readdir(home.media);
    expect(kept).toHaveLength(1);
    expect((await clip({ step: 8 })).sound?.samples).toEqual(first.sound?.samples);
    writeFileSync(path.join(home.media, kept[0] ?? ''), 'damaged');
    expect((await clip({ step: 8 })).sound?.samples).toEqual(first.sound?.samples);
  });

  it('come as a picture alone where no sound is wanted', async () => {
    const { clip, home } = await bench();
    expect((await clip({ sound: false })).sound).toBeNull();
    await expect(readdir(home.media)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('need their recording for the original alone', async () => {
    const { clip, damage, folder } = await bench();
    damage('a.wav');
    await expect(clip({ kind: 'original' })).rejects.toMatchObject({ code: 'dataset/file-changed' });
    rmSync(path.join(folder, 'a.wav'));
    await expect(clip({ kind: 'ceiling' })).rejects.toMatchObject({ code: 'dataset/file-vanished' });
    expect((await clip({})).sound?.samples).toHaveLength(16_317);
  });

  it('that are not there are refused by name', async () => {
    const { clip, context, run, runFolder } = await bench();
    await expect(clip({ clip: 2 })).rejects.toMatchObject({ code: 'runs/clip-unknown' });
    await expect(clip({ step: 4 })).rejects.toMatchObject({
      code: 'runs/clip-step-missing',
      remedy: 'Steps there are: 0, 8.',
    });
    writeFileSync(clipStepFile(runFolder, 8), 'cut off');
    await expect(clip({ step: 8 })).rejects.toMatchObject({ code: 'runs/clips-damaged' });
    expect((await handleRunsClips({ run }, context)).steps.map(({ step }) => step)).toEqual([0]);
    rmSync(path.join(runFolder, 'clips'), { recursive: true });
    await expect(clip({})).rejects.toMatchObject({ code: 'runs/clips-none' });
    expect(await handleRunsClips({ run }, context)).toMatchObject({ clips: [], steps: [] });
  });
});

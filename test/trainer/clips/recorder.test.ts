import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { featurePipelineSchema } from '../../../src-main/dsp/pipeline.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import {
  clipStepFile,
  clipSteps,
  readClipIndex,
  readClipLevels,
  readClipStep,
} from '../../../src-main/trainer/clips/files.ts';
import { ClipRecorder, type ClipSource } from '../../../src-main/trainer/clips/recorder.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { refusal } from '../../helpers/refusal.ts';
import { FakeProgram, fakeReader, testTraining } from '../fake-program.ts';

let folder: string;
let warnings: string[];
let program: FakeProgram;

beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'runs', 'r');
  mkdirSync(folder, { recursive: true });
  warnings = [];
  program = new FakeProgram();
});

const source = (changes: Partial<ClipSource> = {}): ClipSource => ({
  runFolder: folder,
  split: 'validation',
  reader: fakeReader(6),
  describe: (id) => ({ speaker: `s${id.length % 2}`, label: id, durationSec: 0.7, contentHash: 'abc' }),
  pipeline: resolveConfig({ preset: 'fsdd-vae-compact' }).features,
  training: testTraining(),
  ...changes,
});

const open = (step = 0, changes: Partial<ClipSource> = {}): ClipRecorder =>
  ClipRecorder.open(source(changes), program, step, (text) => warnings.push(text));

describe('clips of a run', () => {
  it('are described by an index, and kept at every step with their errors', async () => {
    const recorder = open();
    expect(readClipIndex(folder)).toMatchObject({ shape: [4, 3], split: 'validation' });
    expect(readClipIndex(folder)?.clips[0]).toMatchObject({ durationSec: 0.7, spokenSec: 0.5 });
    program.weights[0] = 0.75;
    await recorder.decode(4, 1);
    program.weights[0] = 0.5;
    await recorder.decode(8, 2);
    expect(clipSteps(folder)).toEqual([4, 8]);
    const step = readClipStep(folder, 4);
    expect(step).toMatchObject({ step: 4, epoch: 1 });
    expect(step.mse).toHaveLength(4);
    for (const mse of step.mse) expect(mse).toBeCloseTo(0.0625, 7);
    expect(readClipLevels(folder, 8)).toMatchObject({ epoch: 2, mse: [0, 0, 0, 0] });
    const out = new Float32Array(12);
    const { reader } = source();
    reader.read([reader.ids.indexOf(recorder.index.clips[2]?.recording ?? '')], out);
    expect([...readClipLevels(folder, 8).reconstruction.subarray(24, 36)]).toEqual([...out]);
  });

  it('are fewer where the split has fewer', async () => {
    const recorder = open(0, { reader: fakeReader(2) });
    await recorder.decode(0, 0);
    expect(readClipLevels(folder, 0).mse).toHaveLength(2);
    expect((program.calls[0]?.feeds.x as Float32Array).length).toBe(4 * 12);
  });

  it('are whole recordings, as far as they are listened to, where clips follow on one another', async () => {
    const pipeline = featurePipelineSchema.parse({
      ...{ kind: 'fragments', nFft: 16, hopLength: 4, sampleRateHz: 1000 },
      ...{ fragmentFrames: 3, fragments: 1 },
    });
    // Recordings of 1, 2, 3 and 1 windows: 4 bins by 3 frames each, as the reader has them.
    const ids = ['a', 'b', 'b', 'c', 'c', 'c', 'd'];
    const reader = { ...fakeReader(7), ids };
    const recorder = open(0, { reader, pipeline });
    expect(recorder.index).toMatchObject({ shape: [4, 9], features: { fragments: 3 } });
    const at = recorder.index.clips.findIndex(({ recording }) => recording === 'c');
    expect(recorder.index.clips[at]?.spokenSec).toBeCloseTo(1.5, 6);
    program.weights[0] = 0.75;
    await recorder.decode(0, 0);
    const { calls } = program;
    expect(calls.map(({ feeds }) => (feeds.x as Float32Array).length)).toEqual([48, 48, 48]);
    const { reconstruction, mse } = readClipLevels(folder, 0);
    expect(mse).toHaveLength(4);
    const window = new Float32Array(12);
    for (const [number, row] of [3, 4, 5].entries()) {
      reader.read([row], window);
      for (const [bin, frame] of [
        [0, 0],
        [3, 2],
        [2, 1],
      ] as const) {
        const level = Math.max(0, (window[bin * 3 + frame] ?? 0) + 0.25);
        expect(reconstruction[at * 36 + bin * 9 + number * 3 + frame]).toBeCloseTo(level, 6);
      }
    }
    const again = open(0, { reader, pipeline });
    expect(again.index).toEqual(recorder.index);
  });

  it('stay the same on a resume, which takes back what came after it', async () => {
    const first = open();
    for (const step of [0, 4, 8]) await first.decode(step, step / 4);
    const again = open(4);
    expect(again.index).toEqual(first.index);
    expect(clipSteps(folder)).toEqual([0, 4]);
    expect(again.has(4)).toBe(true);
    expect(again.has(8)).toBe(false);
  });

  it('are chosen again, the same, where the index is damaged, and what was decoded stays', async () => {
    const first = open();
    await first.decode(0, 0);
    writeFileSync(path.join(runFiles(folder).clips, 'index.json'), '{"schema":');
    expect(refusal(() => readClipIndex(folder)).code).toBe('runs/record-damaged');
    expect(open(4).index).toEqual(first.index);
    expect(readClipIndex(folder)).toEqual(first.index);
    expect(clipSteps(folder)).toEqual([0]);
  });

  it('begin anew where other clips are wanted', async () => {
    await open().decode(0, 0);
    expect(open(4, { training: testTraining({ clips: 2 }) }).index.clips).toHaveLength(2);
    expect(clipSteps(folder)).toEqual([]);
  });

  it('are due as the settings say, and after the last epoch', () => {
    const recorder = open(0, { training: testTraining({ clipsEveryEpochs: 3 }) });
    expect([1, 2, 3, 4, 5, 6, 7].filter((epoch) => recorder.isDue(epoch, 7))).toEqual([3, 6, 7]);
  });

  it('cost the run nothing where their folder cannot be written, and say so once', async () => {
    const recorder = open();
    rmSync(runFiles(folder).clips, { recursive: true });
    writeFileSync(runFiles(folder).clips, 'in the way');
    await recorder.decode(4, 1);
    await recorder.decode(8, 2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/clips.*Training goes on/);
  });

  it('that are not finite are not kept', async () => {
    const recorder = open();
    program.weights[0] = Number.NaN;
    await recorder.decode(4, 1);
    expect(clipSteps(folder)).toEqual([]);
    expect(warnings[0]).toMatch(/step 4 is not finite/);
  });

  it('leave nothing half written, and name a file that is cut off', async () => {
    const recorder = open();
    await recorder.decode(4, 1);
    writeFileSync(path.join(runFiles(folder).clips, '.tmp-1-abc'), 'half');
    open(4);
    expect(readdirSync(runFiles(folder).clips).toSorted()).toEqual(['000000004.safetensors', 'index.json']);
    writeFileSync(clipStepFile(folder, 4), 'cut');
    expect(refusal(() => readClipStep(folder, 4)).code).toBe('runs/safetensors-damaged');
    expect(refusal(() => readClipLevels(folder, 4)).code).toBe('runs/safetensors-damaged');
  });
});

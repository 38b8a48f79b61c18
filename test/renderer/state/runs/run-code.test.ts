// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  type RunLatents,
  runsBitrate,
  runsLatents,
} from '../../../../src-preload/contract/commands/runs-code.ts';
import { runMeasured } from '../../../../src-preload/contract/events/runs.ts';
import { RunCode } from '../../../../src-renderer/state/runs/run-code.svelte.ts';
import { FakeLine, settle } from '../../fake-line.ts';

const unit = { name: 'clip' as const, inClip: 1, seconds: 1 };
const latents = (...steps: number[]): RunLatents => ({
  run: 'r1',
  dimensions: 2,
  unit,
  activeAboveNats: 0.01,
  alarmBelowShare: 0.1,
  steps: Float64Array.from(steps),
  epochs: Float64Array.from(steps, (step) => step / 10),
  activeUnits: Float64Array.from(steps, () => 1),
  klNats: Float32Array.from(steps.flatMap((step) => [step, 0])),
  mean: new Float32Array(steps.length * 2),
  deviation: new Float32Array(steps.length * 2),
  low: new Float32Array(steps.length * 2),
  high: new Float32Array(steps.length * 2),
  missing: null,
  collapse: null,
  components: null,
  componentShares: new Float32Array(),
  deadComponents: null,
});
const bitrate = {
  ...{ run: 'r1', codeNumbers: 2, sideNumbers: 2, bitsPerSideNumber: 32, sampleRateHz: 8000 },
  ...{ paddedSec: 1, spokenSec: null, pcmBitsPerSecond: 128_000, rates: [], information: null },
  ...{ claim: null, remarks: [], unit },
};
const series = (split: string, step: number) => ({
  split,
  key: 'total',
  ...Object.fromEntries(
    ['steps', 'values', 'epochs', 'wallMs', 'processMs'].map((name) => [name, Float64Array.of(step)]),
  ),
});
const measured = (split: string, step: number, superseded = false) =>
  ({ run: 'r1', superseded, series: [series(split, step)] }) as never;

/** Somebody looks at the dimensions of a run with these validations. */
async function watched(...steps: number[]) {
  const line = new FakeLine();
  const code = new RunCode(line, 'r1');
  await line.answer(runsLatents, latents());
  code.watch();
  await line.answer(runsLatents, latents(...steps));
  await line.answer(runsBitrate, bitrate);
  return { line, code };
}

describe('what the code of a run carries', () => {
  it('is asked for no more than whether it has collapsed, until somebody looks', async () => {
    const line = new FakeLine();
    const code = new RunCode(line, 'r1');
    expect(line.calls.map(({ name }) => name)).toEqual([runsLatents.name]);
    const collapse = {
      ...{ severity: 'collapsed' as const, activeUnits: 0, dimensions: 2, sinceStep: 100, step: 300 },
      ...{ meaning: 'nothing', remedies: [] },
    };
    const { sinceStep } = (await line.answer(runsLatents, { ...latents(), collapse })) as {
      sinceStep: number;
    };
    expect(sinceStep).toBe(Number.MAX_SAFE_INTEGER);
    expect(code.about?.collapse).toEqual(collapse);
    expect(code.loaded).toBe(false);
    code.close();
  });

  it('is a record a validation, its dimensions side by side', async () => {
    const { code } = await watched(10, 20);
    expect(code.loaded).toBe(true);
    expect(code.steps.map(({ step, epoch, klNats }) => [step, epoch, ...klNats])).toEqual([
      [10, 1, 10, 0],
      [20, 2, 20, 0],
    ]);
    expect(code.steps[0]?.code?.mean).toHaveLength(2);
    expect(code.bitrate?.codeNumbers).toBe(2);
    code.close();
  });

  it('goes on with each validation, and is read anew where a resume went back', async () => {
    const { line, code } = await watched(10, 20);
    line.tell(runMeasured, measured('train', 25));
    expect(line.calls).toEqual([]);
    line.tell(runMeasured, measured('validation', 30));
    expect(await line.answer(runsLatents, latents(30))).toMatchObject({ sinceStep: 21 });
    expect(code.steps.map(({ step }) => step)).toEqual([10, 20, 30]);
    await line.answer(runsBitrate, bitrate);
    line.tell(runMeasured, measured('train', 15, true));
    expect(await line.answer(runsLatents, latents(10))).toMatchObject({ sinceStep: 0 });
    expect(code.steps.map(({ step }) => step)).toEqual([10]);
    code.close();
  });

  it('takes the answer to what was asked last, whichever comes first', async () => {
    const { line, code } = await watched(10);
    line.tell(runMeasured, measured('validation', 20));
    line.tell(runMeasured, measured('validation', 30));
    const [first, second] = line.calls.filter(({ name }) => name === runsLatents.name);
    second?.resolve(latents(20, 30));
    await settle();
    first?.resolve(latents(20));
    await settle();
    expect(code.steps.map(({ step }) => step)).toEqual([10, 20, 30]);
    code.close();
  });

  it('has no code of a family that tells none, and no steps of one that tells nothing', async () => {
    const { line, code } = await watched(10);
    void code.load();
    const none = new Float32Array(0);
    await line.answer(runsLatents, { ...latents(10), mean: none, deviation: none, low: none, high: none });
    expect(code.steps[0]?.code).toBeNull();
    void code.load();
    await line.answer(runsLatents, { ...latents(), dimensions: null, missing: 'It does not tell.' });
    expect(code.steps).toEqual([]);
    expect(code.about?.missing).toBe('It does not tell.');
    code.close();
  });

  it('says why it could not be read, and keeps what is here', async () => {
    const { line, code } = await watched(10);
    line.tell(runMeasured, measured('validation', 20));
    await line.refuse(runsLatents, new Error('gone'));
    expect(code.error).toBeInstanceOf(Error);
    expect(code.steps).toHaveLength(1);
    code.close();
  });
});

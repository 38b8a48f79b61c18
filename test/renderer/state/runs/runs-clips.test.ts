// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { runsClip, runsClips, runsDifference } from '../../../../src-preload/contract/commands/runs-live.ts';
import { runClipsDecoded } from '../../../../src-preload/contract/events/runs.ts';
import { RunClips } from '../../../../src-renderer/state/runs/runs-clips.svelte.ts';
import { FakeLine, settle } from '../../fake-line.ts';
import { fakePicture } from '../../fake-sound.ts';

const picture = fakePicture(new Float32Array(800), 8000);
const { reference: _reference, ...unreferenced } = picture;
const difference = (clip: number, at: number) => ({
  run: 'r1',
  clip,
  step: at,
  picture: { ...unreferenced, reference: 'original' as const },
  // So that it can be told which step an answer is of.
  rmsDb: at,
  meanDb: 0,
});
const step = (at: number) => ({ step: at, epoch: at / 10, mse: [0.1, 0.2] });
const listing = (...steps: number[]) => ({
  run: 'r1',
  clips: [0, 1].map((index) => ({
    index,
    recording: `${index}.wav`,
    contentHash: null,
    speaker: null,
    label: null,
    durationSec: 0.4,
  })),
  steps: steps.map(step),
});

/** Answers every open question for a clip, for as long as there are any. */
async function answerClips(line: FakeLine): Promise<void> {
  for (;;) {
    const call = line.calls.find(({ name }) => name === runsClip.name || name === runsDifference.name);
    if (!call) return;
    if (call.name === runsDifference.name) {
      const { clip, step: at } = call.input as { clip: number; step: number };
      await line.answer(runsDifference, difference(clip, at));
      continue;
    }
    const { clip, kind, step: at } = call.input as { clip: number; kind: string; step?: number };
    await line.answer(runsClip, {
      run: 'r1',
      clip,
      kind,
      step: at ?? null,
      label: '',
      sound: null,
      picture,
      mse: 0,
    });
  }
}

async function begin(...steps: number[]) {
  const line = new FakeLine();
  const clips = new RunClips(line, 'r1');
  await line.answer(runsClips, listing(...steps));
  return { line, clips };
}

describe('the validation clips of a run', () => {
  it('are shown at the latest step, loading until they are here', async () => {
    const { line, clips } = await begin(10, 20);
    expect(clips.shown?.step).toBe(20);
    expect(clips.picture(0, 'reconstruction', 20).state).toBe('loading');
    await answerClips(line);
    expect(clips.picture(0, 'reconstruction', 20).state).toBe('ready');
    expect(clips.picture(1, 'original', null).state).toBe('ready');
    clips.close();
  });

  it('move on to a new step only once all of it is here', async () => {
    const { line, clips } = await begin(10);
    await answerClips(line);
    line.tell(runClipsDecoded, { run: 'r1', ...step(20) });
    expect(clips.shown?.step).toBe(10);
    expect(clips.coming).toBe(20);
    await line.answer(runsClip, {
      run: 'r1',
      clip: 0,
      kind: 'reconstruction',
      step: 20,
      label: '',
      sound: null,
      picture,
      mse: 0,
    });
    expect(clips.shown?.step).toBe(10);
    await answerClips(line);
    expect(clips.shown?.step).toBe(20);
    expect(clips.coming).toBeNull();
    clips.close();
  });

  it('never mix steps: answers that come late, and in another order, are of the step that was asked for', async () => {
    const { line, clips } = await begin(10, 20);
    await answerClips(line);
    clips.choose(10);
    // The answers for 10 are on their way when the slider goes back to 20 and on to 10 once more.
    clips.choose(20);
    clips.choose(10);
    expect(clips.shown?.step).toBe(10);
    expect(clips.picture(0, 'reconstruction', 10).state).toBe('loading');
    expect(clips.difference(0, 10).state).toBe('loading');
    const late = line.calls.filter(({ name }) => name === runsDifference.name);
    expect(late.map(({ input }) => (input as { step: number }).step)).toEqual([10, 10]);
    for (const { input, resolve } of [...late].reverse()) {
      const { clip, step: at } = input as { clip: number; step: number };
      resolve(difference(clip, at));
      await settle();
    }
    expect(clips.difference(0, 10)).toMatchObject({ state: 'ready', rmsDb: 10 });
    expect(clips.difference(0, 20)).toMatchObject({ state: 'ready', rmsDb: 20 });
    // The picture of the same step has not come: it is waited for, and not taken from another step.
    expect(clips.picture(0, 'reconstruction', 10).state).toBe('loading');
    clips.close();
  });

  it('wait for the differences of a new step as well', async () => {
    const { line, clips } = await begin(10);
    await answerClips(line);
    line.tell(runClipsDecoded, { run: 'r1', ...step(20) });
    for (const clip of [0, 1])
      await line.answer(runsClip, {
        ...{ run: 'r1', clip, kind: 'reconstruction', step: 20, label: '', sound: null, picture, mse: 0 },
      });
    expect(clips.shown?.step).toBe(10);
    await line.answer(runsDifference, difference(0, 20));
    expect(clips.shown?.step).toBe(10);
    // One that cannot be had is no reason to wait for ever.
    await line.refuse(runsDifference, new Error('its recording is gone'));
    expect(clips.shown?.step).toBe(20);
    clips.close();
  });

  it('ask for sound only where waves are shown, and only for the step that is shown', async () => {
    const { line, clips } = await begin(10, 20);
    await answerClips(line);
    expect(line.calls).toEqual([]);
    clips.withWaves = true;
    const asked = line.calls.map(({ input }) => input as { kind: string; sound: boolean });
    expect(asked.every(({ sound }) => sound)).toBe(true);
    clips.withWaves = false;
    await answerClips(line);
    expect(line.calls).toEqual([]);
    expect(clips.wave(0, 'original', null)).toMatchObject({ state: 'ready' });
    expect(clips.wave(1, 'reconstruction', 20).state).toBe('loading');
    clips.close();
  });

  it('stay at a chosen step whatever comes', async () => {
    const { line, clips } = await begin(10, 20);
    await answerClips(line);
    clips.choose(10);
    line.tell(runClipsDecoded, { run: 'r1', ...step(30) });
    await answerClips(line);
    expect(clips.shown?.step).toBe(10);
    expect(clips.following).toBe(false);
    clips.choose('latest');
    expect(clips.shown?.step).toBe(30);
    clips.close();
  });

  it('show a chosen step as loading rather than another step', async () => {
    const { line, clips } = await begin(10, 20);
    await answerClips(line);
    clips.choose(10);
    expect(clips.shown?.step).toBe(10);
    expect(clips.picture(0, 'reconstruction', 10).state).toBe('loading');
    clips.close();
  });

  it('ask for three at a time, and forget the wishes of an earlier place of the slider', async () => {
    const { line, clips } = await begin(10, 20, 30);
    expect(line.open(runsClip)).toBe(3);
    clips.choose(10);
    clips.choose(20);
    await answerClips(line);
    expect(clips.picture(0, 'reconstruction', 20).state).toBe('ready');
    expect(clips.picture(0, 'reconstruction', 10).state).toBe('loading');
    clips.close();
  });

  it('go back to the latest when the chosen step was superseded', async () => {
    const { line, clips } = await begin(10, 20, 30);
    clips.choose(30);
    line.tell(runClipsDecoded, { run: 'r1', ...step(25) });
    await answerClips(line);
    expect(clips.steps.map((one) => one.step)).toEqual([10, 20, 25]);
    expect(clips.shown?.step).toBe(25);
    expect(clips.following).toBe(true);
    clips.close();
  });

  it('keep why one was refused, and ask again when told to', async () => {
    const { line, clips } = await begin(10);
    await line.refuse(runsClip, new Error('no'));
    expect(clips.picture(0, 'reconstruction', 10)).toMatchObject({ state: 'failed' });
    await answerClips(line);
    clips.retry(0, 'reconstruction', 10);
    await answerClips(line);
    expect(clips.picture(0, 'reconstruction', 10).state).toBe('ready');
    clips.close();
  });

  it('read the listing when the first step of a run comes', async () => {
    const line = new FakeLine();
    const clips = new RunClips(line, 'r1');
    await line.answer(runsClips, { run: 'r1', clips: [], steps: [] });
    expect(clips.shown).toBeNull();
    line.tell(runClipsDecoded, { run: 'r1', ...step(10) });
    await line.answer(runsClips, listing(10));
    expect(clips.shown?.step).toBe(10);
    expect(clips.clips).toHaveLength(2);
    clips.close();
  });

  it('tell nothing after they were closed', async () => {
    const { line, clips } = await begin(10);
    clips.close();
    await settle();
    line.tell(runClipsDecoded, { run: 'r1', ...step(20) });
    expect(clips.steps).toHaveLength(1);
    expect(clips.error).toBeNull();
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { runsClip, runsClips } from '../../../../src-preload/contract/commands/runs-live.ts';
import { runClipsDecoded } from '../../../../src-preload/contract/events/runs.ts';
import { RunClips } from '../../../../src-renderer/state/runs/runs-clips.svelte.ts';
import { FakeLine, settle } from '../../fake-line.ts';
import { fakePicture } from '../../fake-sound.ts';

const picture = fakePicture(new Float32Array(800), 8000);
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
    const call = line.calls.find((one) => one.name === runsClip.name);
    if (!call) return;
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

import { describe, expect, it } from 'vitest';
import { fadeSec, fadeShape } from '../../../src-renderer/audio/fade.ts';
import type { OrderBody, Report } from '../../../src-renderer/audio/messages.ts';
import { Mixer } from '../../../src-renderer/audio/mixer.ts';
import {
  type Script,
  busyMinute,
  idealPlaces,
  ordersOf,
  quietest,
  sharpest,
  tone,
  worstError,
} from './mixed.ts';

const rateHz = 16_000;
const fadeFrames = fadeSec * rateHz;
const quantum = 128;

function render(script: Script): { output: Float32Array; reports: Report[] } {
  const mixer = new Mixer(script.rateHz);
  for (const order of ordersOf(script)) mixer.take(order);
  const output = new Float32Array(script.frames);
  const [left, right] = [new Float32Array(quantum), new Float32Array(quantum)];
  const reports: Report[] = [];
  for (let frame = 0; frame < script.frames; frame += quantum) {
    mixer.render(frame, left, right);
    output.set(left.subarray(0, Math.min(quantum, script.frames - frame)), frame);
    const report = mixer.report();
    if (report) reports.push(report);
  }
  return { output, reports };
}

function script(
  sec: number,
  tracks: Script['tracks'],
  orders: readonly (OrderBody & { atFrame?: number })[],
): Script {
  return { rateHz, frames: Math.round(sec * rateHz), tracks, orders };
}

/** Second difference of a tone at amplitude `a`, and a little more for the curve of a fade. */
const smoothest = (hz: number, a: number): number =>
  a * (2 * Math.sin((Math.PI * hz) / rateHz)) ** 2 + a / fadeFrames ** 1.5;

describe('the mixer', () => {
  const minute = busyMinute(rateHz, 60);
  const { output } = render(minute);

  it('is at the very sample that it has to be, after a minute of switching, looping and seeking', () => {
    const places = idealPlaces(minute);
    expect(places.filter(Boolean).length).toBeGreaterThan(0.85 * places.length);
    expect(worstError(output, places, minute.tracks)).toBeLessThan(1e-6);
  });

  it('never clicks', () => {
    expect(sharpest(output)).toBeLessThan(smoothest(311.13, 0.5));
    // The measure sees a click: the same with a cut of one sample in it.
    const cut = output.slice();
    cut.copyWithin(8000, 8005);
    expect(sharpest(cut)).toBeGreaterThan(2 * smoothest(311.13, 0.5));
  });

  it('has no gap but the fades at the edges of a loop', () => {
    // 25 ms are longer than any fade out and in, and hold many periods of the tone.
    const level = 0.4 / Math.SQRT2;
    expect(quietest(output, 0, output.length - quantum, 0.025 * rateHz)).toBeGreaterThan(level / 2);
  });

  it('keeps the level of sounds that are alike while it fades from one to the other', () => {
    const same = tone(440, rateHz, rateHz);
    const { output } = render(
      script(0.5, { a: same, b: same }, [
        { kind: 'mix', gains: { a: 1 } },
        { kind: 'play' },
        { kind: 'mix', gains: { b: 1 }, atFrame: 3001 },
        { kind: 'mix', gains: { a: 1 }, atFrame: 3040 },
      ]),
    );
    for (let n = 200; n < output.length; n++) expect(Math.abs(output[n]! - same[n]!)).toBeLessThan(1e-6);
  });

  it('joins a track that is added while others play in step', () => {
    const [a, b] = [tone(300, rateHz, rateHz), tone(500, rateHz, rateHz)];
    const made = script(0.6, { a }, [
      { kind: 'mix', gains: { a: 1 } },
      { kind: 'play' },
      { kind: 'track', track: { id: 'b', channels: [b.slice()] }, atFrame: 4000 },
      { kind: 'mix', gains: { b: 1 }, atFrame: 5000 },
    ]);
    const { output } = render(made);
    expect(output[6000]).toBeCloseTo(b[6000]!, 6);
    expect(sharpest(output)).toBeLessThan(smoothest(500, 0.8));
  });

  it('puts another sound in the place of one that is heard, without a click', () => {
    const [a, b] = [tone(300, rateHz, rateHz), tone(300, rateHz, rateHz, 0.5, 2)];
    const { output } = render(
      script(0.6, { a }, [
        { kind: 'mix', gains: { a: 1 } },
        { kind: 'play' },
        { kind: 'track', track: { id: 'a', channels: [b.slice()] }, atFrame: 4000 },
        { kind: 'mix', gains: { a: 1 }, atFrame: 4000 },
        { kind: 'drop', id: 'a', atFrame: 7000 },
      ]),
    );
    expect(output[6000]).toBeCloseTo(b[6000]!, 6);
    expect(output[7000 + fadeFrames + 1]).toBe(0);
    expect(sharpest(output)).toBeLessThan(smoothest(300, 1));
  });

  it('stops at the end where there is no loop, says so, and begins anew', () => {
    const clip = tone(300, rateHz, 4000);
    const { output, reports } = render(
      script(1, { clip }, [
        { kind: 'mix', gains: { clip: 1 } },
        { kind: 'loop', region: { from: 1000, to: 3000 } },
        { kind: 'play' },
        { kind: 'loop', region: null, atFrame: 2950 },
        { kind: 'play', atFrame: 8000 },
      ]),
    );
    expect(output.subarray(4000, 8000).every((value) => value === 0)).toBe(true);
    expect(output[3500]).toBeCloseTo(clip[3500]!, 6);
    expect(output[8500]).toBeCloseTo(clip[500]!, 6);
    const ended = reports.filter((report) => report.ended);
    expect(ended.map(({ position, playing }) => [position, playing])).toEqual([
      [4000, false],
      [4000, false],
    ]);
    expect(sharpest(output)).toBeLessThan(smoothest(300, 0.7));
  });

  it('goes into a loop that is set while it plays, wherever the head is', () => {
    const clip = tone(300, rateHz, 8000);
    const { output, reports } = render(
      script(1, { clip }, [
        { kind: 'mix', gains: { clip: 1 } },
        { kind: 'play' },
        { kind: 'loop', region: { from: 1000, to: 3000 }, atFrame: 5000 },
      ]),
    );
    expect(output[5500]).toBeCloseTo(clip[1500]!, 6);
    expect(output[5500 + 2000]).toBeCloseTo(clip[1500]!, 6);
    expect(reports.some((report) => report.ended)).toBe(false);
    expect(sharpest(output)).toBeLessThan(smoothest(300, 0.75));
  });

  it('plays on to the end behind a loop', () => {
    const clip = tone(300, rateHz, 8000);
    const { reports } = render(
      script(0.4, { clip }, [
        { kind: 'mix', gains: { clip: 1 } },
        { kind: 'loop', region: { from: 1000, to: 3000 } },
        { kind: 'seek', position: 5000 },
        { kind: 'play' },
      ]),
    );
    expect(reports.some((report) => report.ended)).toBe(true);
  });

  it('pauses at its place and goes on from there', () => {
    const clip = tone(300, rateHz, rateHz);
    const { output, reports } = render(
      script(0.6, { clip }, [
        { kind: 'mix', gains: { clip: 1 } },
        { kind: 'play' },
        { kind: 'pause', atFrame: 3000 },
        { kind: 'play', atFrame: 6000 },
      ]),
    );
    expect(output.subarray(3000 + fadeFrames + 1, 6000).every((value) => value === 0)).toBe(true);
    expect(output[6200]).toBeCloseTo(clip[3200]!, 6);
    expect(reports.find(({ frame }) => frame > 5000)).toMatchObject({ position: 3000, playing: false });
  });

  it('keeps the pitch when it is slowed down, and takes as much longer', () => {
    const clip = tone(200, rateHz, rateHz);
    const { output, reports } = render(
      script(2.2, { clip }, [
        { kind: 'guide', id: 'clip' },
        { kind: 'mix', gains: { clip: 1 } },
        { kind: 'speed', speed: 0.5 },
        { kind: 'play' },
      ]),
    );
    const ended = reports.find((report) => report.ended);
    expect(Math.abs((ended?.frame ?? 0) - 2 * rateHz)).toBeLessThan(2 * quantum);
    let crossings = 0;
    for (let n = 1; n < 2 * rateHz; n++) if (output[n - 1]! < 0 && output[n]! >= 0) crossings++;
    expect(Math.abs(crossings - 400)).toBeLessThan(4);
    expect(sharpest(output)).toBeLessThan(smoothest(200, 0.75));
    expect(quietest(output, 200, 2 * rateHz - 400, 400)).toBeGreaterThan(0.3);
  });

  it('cuts all tracks in the same places when it is slowed down', () => {
    const guide = tone(173, rateHz, rateHz);
    const twice = guide.map((value) => 0.5 * value);
    const at = (gains: Record<string, number>) =>
      render(
        script(1, { guide, twice }, [
          { kind: 'guide', id: 'guide' },
          { kind: 'mix', gains },
          { kind: 'speed', speed: 0.7 },
          { kind: 'play' },
        ]),
      ).output;
    const [one, other] = [at({ guide: 1 }), at({ twice: 2 })];
    for (let n = 0; n < one.length; n++) expect(Math.abs(one[n]! - other[n]!)).toBeLessThan(1e-6);
  });

  it('goes back to the samples themselves at full speed', () => {
    const clip = tone(173, rateHz, rateHz);
    const { output, reports } = render(
      script(0.9, { clip }, [
        { kind: 'mix', gains: { clip: 1 } },
        { kind: 'speed', speed: 0.6 },
        { kind: 'play' },
        { kind: 'speed', speed: 1, atFrame: 8000 },
      ]),
    );
    const report = reports.find(({ frame }) => frame > 10_000);
    const [frame, position] = [report?.frame ?? 0, report?.position ?? 0];
    expect(Number.isInteger(position)).toBe(true);
    for (let n = 0; n < 100; n++) expect(output[frame + n]).toBeCloseTo(clip[position + n]!, 6);
  });

  it('sounds a grain where the head is dragged, and nothing while it is held still', () => {
    const clip = tone(300, rateHz, rateHz);
    const { output, reports } = render(
      script(0.5, { clip }, [
        { kind: 'mix', gains: { clip: 1 } },
        { kind: 'play' },
        { kind: 'grain', position: 9000, atFrame: 1000 },
        { kind: 'grain', position: 9500, atFrame: 1100 },
        { kind: 'grain', position: 9600, atFrame: 1300 },
      ]),
    );
    expect(output[1000 + 0.04 * rateHz]).toBeCloseTo(clip[9000 + 0.04 * rateHz]!, 3);
    expect(output.subarray(1000 + 0.13 * rateHz).every((value) => value === 0)).toBe(true);
    expect(sharpest(output)).toBeLessThan(smoothest(300, 1));
    expect(reports.at(-1)).toMatchObject({ position: 9600, playing: false });
  });

  it('is silent without tracks, and plays both channels', () => {
    expect(render(script(0.1, {}, [{ kind: 'play' }])).output.every((value) => value === 0)).toBe(true);
    const mixer = new Mixer(rateHz);
    const [a, b] = [tone(100, rateHz, 4000), tone(150, rateHz, 4000)];
    mixer.take({ number: 1, kind: 'track', track: { id: 'a', channels: [a.slice(), b.slice()] } });
    mixer.take({ number: 2, kind: 'mix', gains: { a: 0.5 } });
    mixer.take({ number: 3, kind: 'play' });
    const [left, right] = [new Float32Array(1024), new Float32Array(1024)];
    mixer.render(0, left, right);
    expect([left[500], right[500]]).toEqual([expect.closeTo(a[500]! / 2, 6), expect.closeTo(b[500]! / 2, 6)]);
  });
});

describe('a fade', () => {
  it('adds up to one with the one that runs against it', () => {
    for (let share = 0; share <= 1; share += 0.05)
      expect(fadeShape(share) + fadeShape(1 - share)).toBeCloseTo(1, 12);
    expect([fadeShape(-1), fadeShape(0), fadeShape(1), fadeShape(2)]).toEqual([0, 0, 1, 1]);
  });
});

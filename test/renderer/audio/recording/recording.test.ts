import path from 'node:path';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAudio } from '../../../../src-main/audio/decode.ts';
import { LevelMeter } from '../../../../src-renderer/audio/recording/level-meter.ts';
import { LevelTrigger } from '../../../../src-renderer/audio/recording/level-trigger.ts';
import { microphoneError } from '../../../../src-renderer/audio/recording/microphone-error.ts';
import { floatWav } from '../../../../src-renderer/audio/recording/recording-wav.ts';
import { TakeBuffer } from '../../../../src-renderer/audio/recording/take-buffer.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const rate = 48_000;
const block = 1024;

const counted = (from: number, count: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, at) => (from + at) / 2 ** 24);

const tone = (amplitude: number, count = block): Float32Array =>
  Float32Array.from({ length: count }, (_, at) => amplitude * Math.sin(at / 3));

describe('a take', () => {
  test('holds every sample from shortly before its beginning on, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 29 }),
        (lengths, begins) => {
          const buffer = new TakeBuffer(rate, 0.05);
          let at = 0;
          for (const [number, count] of lengths.entries()) {
            if (number === begins) buffer.begin();
            buffer.add({ frame: at, samples: counted(at, count) });
            at += count;
          }
          if (begins >= lengths.length) return;
          const { samples, missing, sampleRateHz } = buffer.end();
          expect(sampleRateHz).toBe(rate);
          expect(missing).toBe(0);
          const first = at - samples.length;
          const began = lengths.slice(0, begins).reduce((sum, count) => sum + count, 0);
          expect(first).toBeLessThanOrEqual(Math.max(0, began - 0.05 * rate));
          expect(samples).toEqual(counted(first, samples.length));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('tells how much was lost, and keeps the time right', () => {
    const buffer = new TakeBuffer(rate, 0);
    buffer.begin();
    buffer.add({ frame: 128, samples: tone(0.5, 128) as Float32Array<ArrayBuffer> });
    buffer.add({ frame: 512, samples: tone(0.5, 128) as Float32Array<ArrayBuffer> });
    const { samples, missing } = buffer.end();
    expect(missing).toBe(256);
    expect(samples).toHaveLength(512);
    expect(samples.subarray(128, 384).every((value) => value === 0)).toBe(true);
    expect(buffer.recording).toBe(false);
  });
});

describe('the file of a take', () => {
  test('is read back bit for bit', async () => {
    const file = path.join(await temporaryFolder(), 'take.wav');
    const samples = Float32Array.from([0, 0.5, -1, 1.25, 1e-7, -0.3]);
    writeFileSync(file, floatWav(samples, 44_100));
    expect(decodeAudio(file)).toMatchObject({ sampleRateHz: 44_100, channels: [samples] });
  });
});

describe('the meter', () => {
  test('shows peak and RMS in dBFS, and holds the peak before it falls', () => {
    const meter = new LevelMeter(rate);
    for (let n = 0; n < 100; n++) meter.add(tone(0.5));
    expect(meter.reading.peakDb).toBeCloseTo(-6.02, 1);
    expect(meter.reading.rmsDb).toBeCloseTo(-9.03, 1);
    for (let n = 0; n < 30; n++) meter.add(new Float32Array(block));
    expect(meter.reading.peakDb).toBeCloseTo(-6.02, 1);
    for (let n = 0; n < 60; n++) meter.add(new Float32Array(block));
    expect(meter.reading.peakDb).toBeLessThan(-20);
    expect(meter.reading.clipped).toBe(false);
  });

  test('keeps telling that it was overdriven until that is taken back', () => {
    const meter = new LevelMeter(rate);
    meter.add(Float32Array.of(0.2, -1, 0.1));
    meter.add(tone(0.1));
    expect(meter.reading.clipped).toBe(true);
    meter.clearClip();
    meter.add(tone(0.1));
    expect(meter.reading.clipped).toBe(false);
  });
});

describe('the trigger', () => {
  const heard = (trigger: LevelTrigger, amplitudes: readonly number[]): string[] =>
    amplitudes.flatMap((amplitude, at) => {
      const event = trigger.add(tone(amplitude));
      return event === null ? [] : [`${event} ${at}`];
    });
  const times = (count: number, amplitude: number): number[] =>
    Array.from({ length: count }, () => amplitude);

  test('begins with speech and ends after the pause, whatever the noise of the room', () => {
    for (const room of [1e-4, 1e-3, 0.01]) {
      const trigger = new LevelTrigger(rate, { thresholdDb: null });
      const events = heard(trigger, [...times(60, room), ...times(30, 0.3), ...times(60, room)]);
      expect(events).toHaveLength(2);
      expect(events[0]).toMatch(/^begin 6[0-3]$/);
      expect(events[1]).toMatch(/^end 12[0-5]$/);
    }
  });

  test('takes no click, and no short pause, for speech or its end', () => {
    const trigger = new LevelTrigger(rate, { thresholdDb: -40 });
    expect(heard(trigger, [...times(20, 1e-4), 0.9, ...times(20, 1e-4)])).toEqual([]);
    const events = heard(trigger, [
      ...times(20, 0.3),
      ...times(15, 1e-4),
      ...times(20, 0.3),
      ...times(50, 1e-4),
    ]);
    expect(events.map((event) => event.split(' ')[0])).toEqual(['begin', 'end']);
  });

  test('hears the room before it says where speech begins', () => {
    const trigger = new LevelTrigger(rate, { thresholdDb: null });
    expect(trigger.thresholdDb).toBeNull();
    heard(trigger, times(20, 0.01));
    expect(trigger.thresholdDb).toBeCloseTo(-43 + 12, 0);
  });
});

describe('a microphone that cannot be had', () => {
  test.each([
    ['NotAllowedError', 'microphone/refused'],
    ['NotFoundError', 'microphone/none'],
    ['OverconstrainedError', 'microphone/none'],
    ['NotReadableError', 'microphone/busy'],
  ])('%s is %s, with what to do about it', (name, code) => {
    const error = microphoneError(new DOMException('why', name));
    expect(error.code).toBe(code);
    expect(error.remedy.length).toBeGreaterThan(20);
  });
});

import { z } from 'zod';
import { anyNumber, float32Array } from '../binary.ts';
import { defineCommand } from '../command.ts';

/** Samples as a page holds them for playing. */
export const signalSchema = z.strictObject({
  sampleRateHz: z.int().min(1000).max(768_000).meta({ unit: 'Hz' }),
  channels: z.int().min(1).max(16),
  /** Interleaved where there is more than one channel. */
  samples: float32Array(),
});
export type Signal = z.output<typeof signalSchema>;

/** How loud two sounds are, and what makes the second as loud as the first. */
export const levelMatchSchema = z.strictObject({
  method: z
    .enum(['loudness', 'active-speech', 'none'])
    .meta({ help: 'BS.1770 where both are long enough; else the level while somebody speaks.' }),
  /** LKFS or dBFS, as the method says; -Infinity for silence. */
  referenceDb: anyNumber(),
  degradedDb: anyNumber(),
  gainDb: z.number().meta({ unit: 'dB' }),
  limited: z.boolean().meta({ help: 'More gain would have been needed than is ever put on.' }),
});

/**
 * Puts one sound where another is: same rate, no lag, and says at which gain both are equally loud. In a child process of
 * the host, so that the page never computes a Fourier transform.
 */
export const signalsAlign = defineCommand({
  name: 'signals align',
  readOnly: true,
  summary: 'Put one sound in time and level with another, and give what differs',
  audience: 'window',
  input: z.strictObject({
    reference: signalSchema,
    degraded: signalSchema,
    mostLagSec: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .meta({ title: 'Largest lag', unit: 's', help: 'No further is it looked for, either way.' }),
    residual: z.boolean().default(true).meta({ title: 'Residual', help: 'Also the difference as sound.' }),
  }),
  output: z.strictObject({
    /** By how much `degraded` came late, in samples of the reference's rate, fractions and all. */
    lagSamples: z.number(),
    lagSec: z.number().meta({ unit: 's' }),
    /** The part of the lag that lies between samples, in -0.5..0.5. */
    subsample: z.number(),
    /** It is upside down against the reference; what is played is left so, the residual is not. */
    inverted: z.boolean(),
    correlation: z.number(),
    driftPpm: z.number().nullable(),
    /** Why it was left where it is; null where a lag was found. */
    reason: z.enum(['silent', 'too-short', 'unrelated']).nullable(),
    method: z.enum(['waveform', 'envelope']).meta({
      help: 'What told the lag; envelope: the phases are others, as those of Griffin-Lim, and the lag is good to a few milliseconds.',
    }),
    level: levelMatchSchema,
    /** `degraded` at the reference's rate and in its place. */
    aligned: signalSchema,
    /** The largest magnitudes, also between samples; 1 is full scale. */
    referencePeak: z.number(),
    alignedPeak: z.number(),
    residual: z
      .strictObject({
        /** One channel: reference less `gainDb` of what is aligned. */
        samples: float32Array(),
        gainDb: anyNumber().meta({ help: 'At which the least is left; -Infinity for silence.' }),
        levelDbfs: anyNumber(),
        relativeDb: anyNumber().meta({ help: 'Against the level of the reference.' }),
        peak: z.number(),
      })
      .nullable(),
  }),
});
export type SignalsAligned = z.output<typeof signalsAlign.output>;

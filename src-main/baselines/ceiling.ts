import { analyse, synthesise } from '../dsp/representation.ts';
import { clipSeconds } from '../dsp/pipeline.ts';
import { badSetting, type Baseline, noMoreThan, numberSetting } from './baseline.ts';

/** A run's own way to features and back without its model: the best that the run could reach. */
export const ceiling: Baseline = {
  name: 'ceiling',
  title: 'No-model ceiling',
  help: "A run's preprocessing and its inversion, with nothing in between: ceiling:RUN, or ceiling:RUN,ITERATIONS.",
  example: 'ceiling:my-run',
  available: () => true,
  prepare(words, { pipeline }) {
    noMoreThan(this, words, 2);
    if (!pipeline) throw badSetting(this, words.join(','), 'it needs the run whose pipeline it is of');
    const title = 'the number of iterations';
    const iterations = numberSetting(this, words[1], { title, least: 0, most: 10_000, otherwise: 32 });
    const { sampleRateHz, nFft, hopLength } = pipeline;
    const durationSec = clipSeconds(pipeline);
    return {
      settings: `${sampleRateHz} Hz, FFT ${nFft}, hop ${hopLength}, Griffin-Lim with ${iterations} iterations, seed 0`,
      apply: (samples, sourceRateHz) => {
        const clip = analyse(samples, sourceRateHz, pipeline);
        const whole = synthesise(clip.features, clip, pipeline, { iterations, seed: 0 });
        const sourceSec = samples.length / sourceRateHz;
        return {
          samples: whole.slice(0, Math.round(clip.spokenSec * sampleRateHz)),
          sampleRateHz,
          codedBits: null,
          ...(clip.fromSec && { fromSec: clip.fromSec }),
          seconds: clip.spokenSec,
          warnings:
            sourceSec > durationSec + 1 / sourceRateHz
              ? [`Only ${durationSec} s of ${sourceSec.toFixed(2)} s are in a clip, and judged.`]
              : [],
        };
      },
    };
  },
};

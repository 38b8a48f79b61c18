import path from 'node:path';
import { openAudio } from '../audio/open.ts';
import { realFft } from '../dsp/fft.ts';
import { makeWindow } from '../dsp/window.ts';
import { isSegment, recordingPath } from '../corpora/recording.ts';
import { MonoReader } from './mono-reader.ts';
import { stretchOf } from './segment.ts';
import type { ProminenceTask, Prominences } from './tasks-analysis.ts';

/** Length of the windows whose power spectra are averaged, to the next power of two. */
const windowSec = 0.064;
/** Below this there is hum, wind and offset, not speech. */
const lowestHz = 50;
/** Windows of a recording at most: of an hour they are taken evenly. */
const mostWindows = 2000;

/**
 * The prominent frequency of each recording: where the average of its power spectra (Hann windows of about 64 ms, half
 * overlapped; Welch's method) is largest, above 50 Hz, the peak interpolated by a parabola through the levels beside it.
 * Null for a recording that cannot be read any more, or holds nothing above 50 Hz.
 */
export function findProminent({ folder, files }: ProminenceTask): Prominences {
  return {
    kind: 'prominence',
    frequenciesHz: files.map((file) => {
      try {
        return prominentOf(
          isSegment(file) || file.source ? recordingPath(folder, file) : path.join(folder, file.id),
          file,
        );
      } catch {
        // The file was readable when it was indexed; a rescan tells what became of it.
        return null;
      }
    }),
  };
}

function prominentOf(file: string, recording: ProminenceTask['files'][number]): number | null {
  const source = openAudio(file);
  try {
    const { sampleRateHz } = source.info;
    const { startSec } = stretchOf(recording);
    const size = 2 ** Math.round(Math.log2(windowSec * sampleRateHz));
    const samples = Math.round(recording.durationSec * sampleRateHz);
    const first = Math.floor(startSec * sampleRateHz);
    const count = Math.max(1, Math.ceil(samples / (size / 2)) - 1);
    const step = count <= mostWindows ? size / 2 : (samples - size) / (mostWindows - 1);
    const reader = new MonoReader(file, source, first);
    const window = makeWindow('hann', size);
    const fft = realFft(size);
    const bins = size / 2 + 1;
    const [input, re, im] = [new Float64Array(size), new Float64Array(bins), new Float64Array(bins)];
    const power = new Float64Array(bins);
    for (let index = 0; index < Math.min(count, mostWindows); index++) {
      if (!reader.fill(first + Math.floor(index * step), window, input)) continue;
      fft.forward(input, re, im);
      for (let bin = 0; bin < bins; bin++) power[bin]! += re[bin]! * re[bin]! + im[bin]! * im[bin]!;
    }
    return peakOf(power, sampleRateHz / size);
  } finally {
    source.close();
  }
}

/** The frequency of the largest power from `lowestHz` on, between bins; null where there is none. */
export function peakOf(power: Float64Array, binHz: number): number | null {
  let best = -1;
  for (let bin = Math.max(1, Math.ceil(lowestHz / binHz)); bin < power.length - 1; bin++) {
    if (power[bin]! > 0 && (best < 0 || power[bin]! > power[best]!)) best = bin;
  }
  if (best < 0) return null;
  const [below, at, above] = [best - 1, best, best + 1].map((bin) => Math.log(power[bin]! + 1e-300));
  const bend = below! - 2 * at! + above!;
  const shift = bend < 0 ? (0.5 * (below! - above!)) / bend : 0;
  return (best + Math.max(-0.5, Math.min(0.5, shift))) * binHz;
}

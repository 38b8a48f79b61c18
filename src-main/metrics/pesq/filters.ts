import { nextPowerOfTwo, realFft } from '../../dsp/fft.ts';
import type { PesqRateHz, PesqSettings, PesqSignal } from './settings.ts';

/** Gain in dB at frequencies in Hz, linear between them. */
type GainPoints = readonly (readonly [frequencyHz: number, gainDb: number])[];

/** The band in which levels are measured and made equal: 350 Hz to 3250 Hz. */
const levelBand: GainPoints = [
  [0, -500],
  [300, -500],
  [350, 0],
  [3250, 0],
  [3500, -500],
  [8000, -500],
];

/** The receiving side of a telephone handset, modified intermediate reference system. */
const handset: GainPoints = [
  [0, -200],
  [50, -40],
  [100, -20],
  [125, -12],
  [160, -6],
  [200, 0],
  [250, 4],
  [300, 6],
  [350, 8],
  [400, 10],
  [500, 11],
  [600, 12],
  [3250, 12],
  [3500, 4],
  [4000, -200],
  [8000, -200],
];

/** One second-order section: `b0, b1, b2, a1, a2`. */
type Section = readonly [number, number, number, number, number];

/** The band-pass before the alignment, which keeps what tells delays: P.862's coefficients. */
// prettier-ignore
const alignmentSections: Record<PesqRateHz, readonly Section[]> = {
  8000: [
    [0.885535424, -0.885535424, 0, -0.771070709, 0],
    [0.895092588, 1.292907193, 0.449260174, 1.268869037, 0.442025372],
    [4.04952794, -7.865190042, 3.815662102, -1.746859852, 0.786305963],
    [0.500002353, -0.500002353, 0, 0, 0],
    [0.565002834, -0.241585934, -0.306009671, 0.259688659, 0.249979657],
    [2.115237288, 0.919935084, 1.141240051, -1.587313419, 0.665935315],
    [0.912224584, -0.224397719, -0.641121413, -0.246029464, -0.55672059],
    [0.444617727, -0.307589321, 0.141638062, -0.996391149, 0.502251622],
  ],
  16000: [
    [0.325631521, -0.08678286, -0.238848661, -1.07941649, 0.434583902],
    [0.403961804, -0.556985881, 0.153024077, -0.415115835, 0.696590244],
    [4.736162769, 3.287251046, 1.753289019, -1.859599046, 0.876284034],
    [0.365373469, 0, 0, -0.634626531, 0],
    [0.884811506, 0, 0, -0.256725271, 0.141536777],
    [0.723593055, -1.447186099, 0.723593044, -1.129587469, 0.657232737],
    [1.644910855, -1.817280902, 1.249658063, -1.778403899, 0.801724355],
    [0.633692689, -0.284644314, -0.319789663, 0, 0],
    [1.032763031, 0.268428979, 0.602913323, 0, 0],
    [1.001616361, -0.823749013, 0.439731942, -0.885778255, 0],
    [0.752472096, -0.37538899, 0.188977609, -0.077258216, 0.247230734],
    [1.023700575, 0.001661628, 0.52128424, -0.183867259, 0.354324187],
  ],
};

/** The high-pass of P.862.2 in the handset's place. */
const wideBandSection: Section = [2.740826, -5.4816519, 2.740826, -1.9444777, 0.94597794];

/** What the alignment is given: no DC, soft ends, and the band that tells delays. In place. */
export function filterForAlignment(signal: PesqSignal, settings: PesqSettings): void {
  removeDc(signal, settings);
  const span = signal.data;
  for (const section of alignmentSections[settings.rateHz]) runSection(span, section);
}

/** The handset's receiving side, 0 dB at 1 kHz. In place. */
export function filterAsHandset(signal: PesqSignal, settings: PesqSettings): void {
  shapeSpectrum(signal, handset, settings);
}

/** The input filter of P.862.2 for headphones, after soft ends of 15 samples. In place. */
export function filterWideBand({ data, length }: PesqSignal, { margin }: PesqSettings): void {
  for (let n = 0; n < 16; n++) {
    data[margin + n - 1]! *= n / 16;
    data[length - margin - n]! *= n / 16;
  }
  runSection(data.subarray(margin, length - margin), wideBandSection);
}

/** Mean power in the band of the level, over the signal and its tail. */
export function powerInLevelBand(signal: PesqSignal, settings: PesqSettings, longest: number): number {
  const { margin, tail } = settings;
  const filtered = { data: Float64Array.from(signal.data), length: signal.length };
  shapeSpectrum(filtered, levelBand, settings);
  const to = signal.length - margin + tail;
  let sum = 0;
  for (let n = margin; n < to; n++) sum += filtered.data[n]! * filtered.data[n]!;
  return sum / (longest - 2 * margin + tail);
}

/** Multiplies the spectrum of the signal with its tail by gains against that at 1 kHz. */
function shapeSpectrum({ data, length }: PesqSignal, points: GainPoints, settings: PesqSettings): void {
  const { margin, tail, rateHz } = settings;
  const span = data.subarray(margin, length - margin + tail);
  const fft = realFft(nextPowerOfTwo(span.length));
  const padded = new Float64Array(fft.size);
  padded.set(span);
  const [re, im] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
  fft.forward(padded, re, im);
  const gains = gainsOf(points, fft.size, rateHz);
  for (let bin = 0; bin < fft.bins; bin++) {
    re[bin]! *= gains[bin]!;
    im[bin]! *= gains[bin]!;
  }
  fft.inverse(re, im, padded);
  span.set(padded.subarray(0, span.length));
}

/** Of each filter the gains that were asked for last: both signals, and most files of a corpus, have one size. */
const lastGains = new Map<GainPoints, { size: number; rateHz: number; gains: Float64Array }>();

/** Gains of the bins of a spectrum of `size` against that at 1 kHz, `[size / 2 + 1]`. */
function gainsOf(points: GainPoints, size: number, rateHz: number): Float64Array {
  const last = lastGains.get(points);
  if (last?.size === size && last.rateHz === rateHz) return last.gains;
  const reference = gainAt(points, 1000);
  const gains = Float64Array.from(
    { length: size / 2 + 1 },
    (_, bin) => 10 ** ((gainAt(points, (bin * rateHz) / size) - reference) / 20),
  );
  lastGains.set(points, { size, rateHz, gains });
  return gains;
}

function gainAt(points: GainPoints, frequencyHz: number): number {
  let [lowHz, lowDb] = points[0]!;
  for (const [highHz, highDb] of points) {
    if (frequencyHz <= highHz) {
      if (highHz === lowHz) return highDb;
      return lowDb + ((highDb - lowDb) * (frequencyHz - lowHz)) / (highHz - lowHz);
    }
    [lowHz, lowDb] = [highHz, highDb];
  }
  return lowDb;
}

function removeDc({ data, length }: PesqSignal, { margin, hop }: PesqSettings): void {
  let sum = 0;
  for (let n = margin; n < length - margin; n++) sum += data[n]!;
  // Over the whole length, margins and all: so it is defined.
  const mean = sum / length;
  for (let n = margin; n < length - margin; n++) data[n]! -= mean;
  for (let n = 0; n < hop; n++) {
    data[margin + n]! *= (0.5 + n) / hop;
    data[length - margin - 1 - n]! *= (0.5 + n) / hop;
  }
}

/** One second-order section, in place, from rest. */
function runSection(data: Float64Array, [b0, b1, b2, a1, a2]: Section): void {
  let [z1, z2] = [0, 0];
  for (let n = 0; n < data.length; n++) {
    const z0 = data[n]! - a1 * z1 - a2 * z2;
    data[n] = b0 * z0 + b1 * z1 + b2 * z2;
    z2 = z1;
    z1 = z0;
  }
}

/** One band of the Bark scale on which P.862 hears. */
interface BandRow {
  /** Bins of the power spectrum that it collects, following on those of the band below. */
  bins: number;
  centreBark: number;
  widthBark: number;
  /** Makes the power density of bands with few and with many bins comparable. */
  correction: number;
  /** Power at the absolute threshold of hearing. */
  threshold: number;
}

/** The bands of one sample rate, a column each. */
export interface Bands {
  count: number;
  bins: Uint8Array;
  centreBark: Float64Array;
  widthBark: Float64Array;
  correction: Float64Array;
  threshold: Float64Array;
}

const row = (
  bins: number,
  centreBark: number,
  widthBark: number,
  correction: number,
  threshold: number,
): BandRow => ({ bins, centreBark, widthBark, correction, threshold });

/** The constants of ITU-T P.862 for 16 kHz: 31.25 Hz a bin, 49 bands up to 8 kHz. At 8 kHz the first 41 are the same. */
// prettier-ignore
const rows: readonly BandRow[] = [
  row(1, 0.078672, 0.157344, 100, 51286152),
  row(1, 0.316341, 0.317994, 99.999992, 2454709.5),
  row(1, 0.636559, 0.322441, 100, 70794.59375),
  row(1, 0.961246, 0.326934, 100.000008, 4897.788574),
  row(1, 1.29045, 0.331474, 100.000008, 1174.897705),
  row(1, 1.624217, 0.336061, 100.000015, 389.045166),
  row(1, 1.962597, 0.340697, 99.999992, 104.71286),
  row(1, 2.305636, 0.345381, 99.999969, 45.70882),
  row(2, 2.653383, 0.350114, 50.000027, 17.782795),
  row(1, 3.005889, 0.354897, 100, 9.772372),
  row(1, 3.363201, 0.359729, 99.999969, 4.897789),
  row(1, 3.725371, 0.364611, 100.000015, 3.090296),
  row(1, 4.092449, 0.369544, 99.999947, 1.905461),
  row(1, 4.464486, 0.374529, 100.000061, 1.258925),
  row(2, 4.841533, 0.379565, 53.047077, 0.977237),
  row(1, 5.223642, 0.384653, 110.000046, 0.724436),
  row(1, 5.610866, 0.389794, 117.991989, 0.562341),
  row(2, 6.003256, 0.394989, 65, 0.457088),
  row(2, 6.400869, 0.400236, 68.760147, 0.389045),
  row(2, 6.803755, 0.405538, 69.999931, 0.331131),
  row(2, 7.211971, 0.410894, 71.428818, 0.295121),
  row(2, 7.625571, 0.416306, 75.000038, 0.269153),
  row(2, 8.044611, 0.421773, 76.843384, 0.25704),
  row(2, 8.469146, 0.427297, 80.968781, 0.251189),
  row(2, 8.899232, 0.432877, 88.646126, 0.251189),
  row(3, 9.334927, 0.438514, 63.864388, 0.251189),
  row(3, 9.776288, 0.444209, 68.15535, 0.251189),
  row(3, 10.223374, 0.449962, 72.547775, 0.263027),
  row(3, 10.676242, 0.455774, 75.584831, 0.288403),
  row(4, 11.134952, 0.461645, 58.379192, 0.30903),
  row(3, 11.599563, 0.467577, 80.950836, 0.338844),
  row(4, 12.070135, 0.473569, 64.135651, 0.371535),
  row(5, 12.546731, 0.479621, 54.384785, 0.398107),
  row(4, 13.029408, 0.485736, 73.821884, 0.436516),
  row(5, 13.518232, 0.491912, 64.437073, 0.467735),
  row(6, 14.013264, 0.498151, 59.176456, 0.489779),
  row(6, 14.514566, 0.504454, 65.521278, 0.501187),
  row(7, 15.022202, 0.510819, 61.399822, 0.501187),
  row(8, 15.536238, 0.51725, 58.144047, 0.512861),
  row(9, 16.056736, 0.523745, 57.004543, 0.524807),
  row(9, 16.583761, 0.530308, 64.126297, 0.524807),
  row(12, 17.117382, 0.536934, 54.311001, 0.524807),
  row(12, 17.657663, 0.543629, 61.114979, 0.512861),
  row(15, 18.204674, 0.55039, 55.077751, 0.47863),
  row(16, 18.758478, 0.55722, 56.849335, 0.42658),
  row(18, 19.319147, 0.564119, 55.628868, 0.371535),
  row(21, 19.886751, 0.571085, 53.137054, 0.363078),
  row(25, 20.461355, 0.578125, 54.985844, 0.416869),
  row(20, 21.043034, 0.585232, 79.546974, 0.537032),
];

/** At 8 kHz the last band ends at 4 kHz. */
const last8k = row(11, 17.117382, 0.536934, 59.248363, 0.524807);

function columns(from: readonly BandRow[]): Bands {
  return {
    count: from.length,
    bins: Uint8Array.from(from, ({ bins }) => bins),
    centreBark: Float64Array.from(from, ({ centreBark }) => centreBark),
    widthBark: Float64Array.from(from, ({ widthBark }) => widthBark),
    correction: Float64Array.from(from, ({ correction }) => correction),
    threshold: Float64Array.from(from, ({ threshold }) => threshold),
  };
}

/** By sample rate in Hz. */
export const bandsOf = { 8000: columns([...rows.slice(0, 41), last8k]), 16000: columns(rows) } as const;

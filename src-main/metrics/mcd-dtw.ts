import { cepstralDistanceDb, melCepstra, soundingFrames } from './mel-cepstra.ts';
import { blank, judged, type Metric } from './metric.ts';

/** Frames of both sounds multiplied: beyond it warping takes longer than anybody waits. */
const mostCells = 40_000_000;

/** How far apart the timbres are where the timing is not to count: the distance of mel-cepstra along the best warping. */
export const mcdByDtw: Metric = {
  key: 'mcd_dtw_db',
  title: 'MCD by DTW',
  variant:
    'along the cheapest warping (steps 1-0, 0-1, 1-1 of one weight, both ends fixed), sum over its pairs divided by their number; c1..c24 of 40 HTK mel bands (32 ms Hann, half overlapping); of either sound its frames within 40 dB of its loudest; not the SPTK or WORLD analysis',
  unit: 'dB',
  range: [0, null],
  better: 'lower',
  ratesHz: null,
  source:
    'Kubichek 1993 for the distance; Sakoe and Chiba: Dynamic programming algorithm optimization for spoken word recognition, IEEE Trans. ASSP 26, 1978',
  needsEqualLengths: false,
  measure({ reference, degraded, sampleRateHz }) {
    const [one, other] = [melCepstra(reference, sampleRateHz), melCepstra(degraded, sampleRateHz)];
    const [rows, columns] = [soundingFrames(one), soundingFrames(other)];
    if (rows.length === 0 || columns.length === 0) return blank('too-short', 'there is no frame of sound');
    if (rows.length * columns.length > mostCells) {
      return blank('too-long', 'the sounds are too long to be warped onto each other');
    }
    const width = columns.length;
    // The cheapest way to each cell of a row, and how many pairs it has; of two as cheap the shorter.
    let [cost, pairs] = [new Float64Array(width), new Float64Array(width)];
    let [costAbove, pairsAbove] = [new Float64Array(width), new Float64Array(width)];
    for (const [row, frame] of rows.entries()) {
      for (const [column, otherFrame] of columns.entries()) {
        const here = cepstralDistanceDb(one, frame, other, otherFrame);
        let [best, length] = row === 0 && column === 0 ? [0, 0] : [Infinity, 0];
        const take = (candidate: number, itsPairs: number): void => {
          if (candidate < best || (candidate === best && itsPairs < length)) {
            [best, length] = [candidate, itsPairs];
          }
        };
        if (row > 0 && column > 0) take(costAbove[column - 1]!, pairsAbove[column - 1]!);
        if (row > 0) take(costAbove[column]!, pairsAbove[column]!);
        if (column > 0) take(cost[column - 1]!, pairs[column - 1]!);
        cost[column] = best + here;
        pairs[column] = length + 1;
      }
      [cost, costAbove] = [costAbove, cost];
      [pairs, pairsAbove] = [pairsAbove, pairs];
    }
    return judged(costAbove[width - 1]! / pairsAbove[width - 1]!);
  },
};

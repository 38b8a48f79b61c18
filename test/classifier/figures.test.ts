import { describe, expect, it } from 'vitest';
import { type Classified, figuresOf, nearest, verdicts } from '../../src-main/classifier/figures.ts';
import { melImage, melImageOf } from '../../src-main/classifier/mel-image.ts';
import { embeddingSize } from '../../src-main/classifier/net.ts';

/** Sounds of the given probabilities; the first number of each embedding is given, the others are 0. */
function sounds(probabilities: number[][], places: number[]): Classified {
  const classes = probabilities[0]?.length ?? 0;
  const embeddings = new Float32Array(places.length * embeddingSize);
  for (const [row, place] of places.entries()) embeddings[row * embeddingSize] = place;
  return {
    count: places.length,
    classes,
    probabilities: Float32Array.from(probabilities.flat()),
    embeddings,
  };
}

const real = sounds(
  [
    [0.9, 0.1],
    [0.1, 0.9],
  ],
  [0, 10],
);

describe('figures of what is drawn', () => {
  it('say what real recordings are: right, sure, of both labels', () => {
    const figures = figuresOf(real, { labels: [0, 1], real, train: real });
    expect(figures).toMatchObject({
      count: 2,
      accuracy: 1,
      labels: 2,
      labelEntropyBits: 1,
      nearestDistance: 0,
    });
    expect(figures.confidence).toBeCloseTo(0.9, 5);
    expect(figures.confidenceOfReal).toBeCloseTo(1, 6);
    expect(figures.diversity).toBe(10);
    expect(figuresOf(real, { labels: [1, 1], real, train: real }).accuracy).toBe(0.5);
  });

  it('tell a sampler that draws one thing by its labels and its diversity', () => {
    const same = sounds(Array<number[]>(4).fill([0.6, 0.4]), [3, 3, 3, 3]);
    const figures = figuresOf(same, { labels: null, real, train: real });
    expect(figures).toMatchObject({
      accuracy: null,
      labels: 1,
      labelEntropyBits: 0,
      diversity: 0,
      nearestDistance: 3,
    });
    expect(figures.confidenceOfReal).toBeCloseTo(0.6 / 0.9, 5);
  });

  it('of one sound have no distance between two', () => {
    const one = sounds([[0.5, 0.5]], [1]);
    expect(figuresOf(one, { labels: null, real, train: real }).diversity).toBe(0);
  });

  it('name the nearest recording and the likeliest label of each', () => {
    const drawn = sounds(
      [
        [0.3, 0.7],
        [0.8, 0.2],
      ],
      [8, 1],
    );
    expect(nearest(drawn, real)).toEqual([
      { row: 1, distance: 2 },
      { row: 0, distance: 1 },
    ]);
    expect(verdicts(drawn).map(({ label }) => label)).toEqual([1, 0]);
    expect(nearest(drawn, sounds([], []))[0]?.row).toBe(-1);
  });
});

describe('the mel image of a sound', () => {
  const tone = (gain: number, rateHz = 8000): Float32Array =>
    Float32Array.from({ length: rateHz / 2 }, (_, at) => gain * Math.sin((2 * Math.PI * 1000 * at) / rateHz));

  it('lies in 0..1, and is the same at any level', () => {
    const [loud, quiet] = [melImageOf(tone(0.8), 8000), melImageOf(tone(0.008), 8000)];
    expect(loud.length).toBe(melImage.bands * melImage.frames);
    expect(Math.max(...loud)).toBe(1);
    expect(Math.min(...loud)).toBe(0);
    for (const [at, value] of loud.entries()) expect(quiet[at]).toBeCloseTo(value, 3);
  });

  it('is much the same at another rate, and zeros after the end and for silence', () => {
    const [one, other] = [melImageOf(tone(0.5), 8000), melImageOf(tone(0.5, 22050), 22050)];
    const difference = one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
    expect(difference).toBeLessThan(0.03);
    for (let band = 0; band < melImage.bands; band++) expect(one[band * melImage.frames + 50]).toBe(0);
    expect(melImageOf(new Float32Array(8000), 8000).every((value) => value === 0)).toBe(true);
  });
});

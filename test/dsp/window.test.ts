import { describe, expect, it } from 'vitest';
import { kaiserAt, kaiserBeta, kaiserOrder, makeWindow, padCentre } from '../../src-main/dsp/window.ts';

describe('makeWindow', () => {
  it('makes the periodic hann by default: the overlapping halves add up to one', () => {
    const window = makeWindow('hann', 512);
    expect(window[0]).toBe(0);
    expect(window[256]).toBe(1);
    for (let n = 0; n < 256; n++) expect(window[n]! + window[n + 256]!).toBeCloseTo(1, 14);
  });

  it('makes the symmetric hann for filters', () => {
    const window = makeWindow('hann', 5, { symmetry: 'symmetric' });
    expect([...window].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([0, 0.5, 1, 0.5, 0]);
    expect([...makeWindow('hann', 1, { symmetry: 'symmetric' })]).toEqual([1]);
  });

  it('makes the sine window of DVAE-speech: its squares add up to one at half overlap', () => {
    const window = makeWindow('sine', 512);
    expect(window[0]).toBeCloseTo(Math.sin((Math.PI * 0.5) / 512), 15);
    for (let n = 0; n < 256; n++) expect(window[n]! ** 2 + window[n + 256]! ** 2).toBeCloseTo(1, 14);
  });

  it('makes the hamming window, which does not reach zero', () => {
    const window = makeWindow('hamming', 8);
    expect(window[0]).toBeCloseTo(0.08, 15);
    expect(window[4]).toBeCloseTo(1, 15);
    expect(makeWindow('hamming', 9, { symmetry: 'symmetric' })[8]).toBeCloseTo(0.08, 15);
  });

  it('makes the Gaussian window of scipy', () => {
    // scipy.signal.windows.gaussian(8, 2, sym=False) and (5, 1.5)
    const periodic = makeWindow('gaussian', 8, { gaussianStd: 2 });
    expect(periodic[4]).toBe(1);
    expect(periodic[0]).toBeCloseTo(0.1353352832366127, 15);
    const symmetric = makeWindow('gaussian', 5, { gaussianStd: 1.5, symmetry: 'symmetric' });
    expect(symmetric[0]).toBe(symmetric[4]);
    expect(symmetric[1]).toBeCloseTo(0.8007374029168081, 15);
    expect(() => makeWindow('gaussian', 8, { gaussianStd: 0 })).toThrow('standard deviation of 0');
  });

  it('makes the rectangular window of ones', () => {
    expect([...makeWindow('rectangular', 3)]).toEqual([1, 1, 1]);
  });

  it.each([0, -1, 1.5])('refuses a length of %d', (length) => {
    expect(() => makeWindow('hann', length)).toThrow(RangeError);
  });
});

describe('padCentre', () => {
  it('puts the window in the middle, one more zero at the end where it is uneven', () => {
    expect([...padCentre(Float64Array.of(1, 2), 5)]).toEqual([0, 1, 2, 0, 0]);
  });

  it('refuses a window that does not fit', () => {
    expect(() => padCentre(new Float64Array(6), 5)).toThrow('does not fit');
  });
});

describe('the Kaiser window', () => {
  it('is 1 in the middle, symmetric, falling, and zero outside', () => {
    const beta = kaiserBeta(100);
    expect(kaiserAt(0, beta)).toBe(1);
    expect(kaiserAt(0.4, beta)).toBe(kaiserAt(-0.4, beta));
    expect(kaiserAt(0.4, beta)).toBeGreaterThan(kaiserAt(0.5, beta));
    expect(kaiserAt(1.001, beta)).toBe(0);
    // scipy.special.i0(10 * sqrt(0.75)) / i0(10)
    expect(kaiserAt(0.5, 10)).toBeCloseTo(0.282_059_6, 6);
  });

  it('needs more taps for a narrower edge', () => {
    expect(kaiserOrder(100, 0.1)).toBe(403);
    expect(kaiserOrder(100, 0.2)).toBeLessThan(kaiserOrder(100, 0.1));
  });
});

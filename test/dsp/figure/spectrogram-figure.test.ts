import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { markLabel, roundMarks } from '../../../src-main/dsp/figure/axis.ts';
import { glyphOf, textWidth } from '../../../src-main/dsp/figure/bitmap-font.ts';
import { magma } from '../../../src-main/dsp/figure/magma.ts';
import { paintSpectrograms, type SpectrogramPanel } from '../../../src-main/dsp/figure/spectrogram-figure.ts';

function panel(levelOf: (bin: number, frame: number) => number, frames = 64, bins = 32): SpectrogramPanel {
  const data = Float64Array.from({ length: bins * frames }, (_, i) =>
    levelOf(Math.floor(i / frames), i % frames),
  );
  return { title: 'panel', db: { bins, frames, data }, sampleRateHz: 8000, hopLength: 32, nFft: 2 * bins };
}

/** Lightness L* (CIE 1976) of a colour of the map. */
function lightness(index: number): number {
  const linear = [0, 1, 2].map((channel) => {
    const value = magma[3 * index + channel]! / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

describe('magma', () => {
  it('grows in lightness evenly from black to white', () => {
    for (let index = 8; index < 256; index += 8) {
      expect(lightness(index) - lightness(index - 8)).toBeGreaterThan(1);
      expect(lightness(index) - lightness(index - 8)).toBeLessThan(5.5);
    }
    expect(lightness(0)).toBeLessThan(1);
    expect(lightness(255)).toBeGreaterThan(95);
  });
});

describe('paintSpectrograms', () => {
  /** Colour in the middle of the left panel's plot, given as parts of its width and height (from the top). */
  function colourAt(bytes: Uint8Array, x: number, y: number): number[] {
    const png = PNG.sync.read(Buffer.from(bytes));
    const [left, top, width, height] = [48 * 2, 28 * 2, 192 * 2, 192 * 2];
    const at = 4 * ((top + Math.round(y * height)) * png.width + left + Math.round(x * width));
    return [...png.data.subarray(at, at + 3)];
  }

  const colour = (index: number): number[] => [...magma.subarray(3 * index, 3 * index + 3)];

  it('puts low frequencies at the bottom and time to the right', () => {
    const bytes = paintSpectrograms([panel((bin, frame) => (bin < 16 && frame >= 32 ? 0 : -80))]);
    expect(colourAt(bytes, 0.75, 0.75)).toEqual(colour(255));
    expect(colourAt(bytes, 0.25, 0.75)).toEqual(colour(0));
    expect(colourAt(bytes, 0.75, 0.25)).toEqual(colour(0));
  });

  it('paints all panels on one scale', () => {
    const quiet = panel(() => -40);
    expect(colourAt(paintSpectrograms([quiet]), 0.5, 0.5)).toEqual(colour(255));
    expect(colourAt(paintSpectrograms([quiet, panel(() => 0)]), 0.5, 0.5)).toEqual(colour(128));
    expect(colourAt(paintSpectrograms([quiet], { lowestDb: -40, highestDb: 0 }), 0.5, 0.5)).toEqual(
      colour(0),
    );
  });

  it('shows the loudest of what shares a pixel', () => {
    const bytes = paintSpectrograms([panel((bin, frame) => (frame === 5001 ? 0 : -80), 10_000)]);
    const png = PNG.sync.read(Buffer.from(bytes));
    let bright = 0;
    for (let at = 0; at < png.data.length; at += 4) {
      if (png.data[at] === magma[765] && png.data[at + 1] === magma[766] && png.data[at + 2] === magma[767])
        bright++;
    }
    expect(bright).toBeGreaterThanOrEqual(384);
  });

  it('writes titles and takes any text, levels that are not finite included', () => {
    const odd = { ...panel(() => -Infinity), title: 'x'.repeat(200) + '\n😀' };
    const png = PNG.sync.read(Buffer.from(paintSpectrograms([odd, panel(() => 0)], { scale: 1 })));
    const title = png.data.subarray(4 * 12 * png.width, 4 * 20 * png.width);
    expect(title.some((value) => value < 100)).toBe(true);
  });

  it('refuses no panels, and a scale upside down', () => {
    expect(() => paintSpectrograms([])).toThrow('at least one');
    expect(() => paintSpectrograms([panel(() => 0)], { lowestDb: 0, highestDb: -80 })).toThrow('scale');
    expect(() => paintSpectrograms([panel(() => -Infinity)])).toThrow('scale');
  });
});

describe('marks', () => {
  it.each([
    [0, 0.74, 5, [0, 0.2, 0.4, 0.6]],
    [0, 11_025, 6, [0, 2000, 4000, 6000, 8000, 10_000]],
    [-53, 27, 6, [-40, -20, 0, 20]],
    [5, 5, 6, [5]],
  ])('from %d to %d, about %i', (from, to, wanted, expected) => {
    expect(roundMarks(from, to, wanted).map(markLabel)).toEqual(expected.map(String));
  });

  it('have letters for all of printable ASCII, and a question mark for the rest', () => {
    for (let code = 33; code < 127; code++)
      expect(glyphOf(String.fromCharCode(code)).length).toBeGreaterThan(0);
    expect(glyphOf('é')).toBe(glyphOf('?'));
    expect(textWidth('')).toBe(0);
    expect(textWidth('il')).toBeLessThan(textWidth('MW'));
  });
});

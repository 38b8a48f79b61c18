// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockText, tickTexts } from '../../../src-renderer/components/chart/axis-text.ts';

describe('texts of an axis', () => {
  it('have the digits of their spacing', () => {
    expect(tickTexts([0, 0.025, 0.05, 0.075, 0.1])).toEqual(['0', '0.025', '0.050', '0.075', '0.100']);
    expect(tickTexts([0, 0.00025, 0.0005, 0.00075, 0.001])).toEqual([
      '0',
      '0.00025',
      '0.00050',
      '0.00075',
      '0.00100',
    ]);
    expect(tickTexts([-10, 0, 10])).toEqual(['−10', '0', '10']);
    expect(tickTexts([0, 2.5, 5])).toEqual(['0', '2.5', '5.0']);
  });

  it('go to powers of ten where zeros would fill the axis', () => {
    expect(tickTexts([0, 2e-5, 4e-5])).toEqual(['0', '2e−5', '4e−5']);
    expect(tickTexts([1_000_000, 1_500_000])).toEqual(['1.0e6', '1.5e6']);
    expect(tickTexts([100_000, 150_000])).toEqual(['100,000', '150,000']);
  });

  it('leave out what a logarithmic axis leaves out', () => {
    expect(tickTexts([0.1, null, null, 1])).toEqual(['0.1', '', '', '1.0']);
  });

  it('tell every tick from its neighbour, within a hundredth of the spacing', () => {
    const spacings = fc.tuple(
      fc.constantFrom(1, 2, 2.5, 5),
      fc.integer({ min: -8, max: 7 }),
      fc.integer({ min: -4, max: 40 }),
    );
    fc.assert(
      fc.property(spacings, ([digit, power, first]) => {
        const spacing = digit * 10 ** power;
        const ticks = Array.from({ length: 5 }, (_, at) => (first + at) * spacing);
        tickTexts(ticks).forEach((text, at) => {
          const said = Number(text.replaceAll('−', '-').replaceAll(',', ''));
          expect(Math.abs(said - (ticks[at] ?? 0))).toBeLessThanOrEqual(0.01 * spacing);
        });
      }),
    );
  });

  it('write time as a clock does', () => {
    expect([0, 59, 60, 200, 3600, 3905].map(clockText)).toEqual([
      '0 s',
      '59 s',
      '1:00',
      '3:20',
      '1:00:00',
      '1:05:05',
    ]);
  });

  it('tell apart the ticks of a few seconds', () => {
    expect([0.2, 1.5, 2, 2.5].map(clockText)).toEqual(['0.2 s', '1.5 s', '2 s', '2.5 s']);
    expect([12.3456, 59.96].map(clockText)).toEqual(['12.3 s', '1:00']);
  });
});

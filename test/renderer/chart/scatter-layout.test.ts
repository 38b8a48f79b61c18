import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scatterLayout, type ScatterPoint } from '../../../src-renderer/components/chart/scatter-layout.ts';

const box = { width: 560, height: 300 };
const point = (id: string, x: number, y: number, interval: ScatterPoint['interval'] = null): ScatterPoint => {
  return { id, label: id, x, y, interval };
};

describe('points in a plane', () => {
  it('lie in it with their intervals, more to the right and up for more', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 1e-4, max: 1e9, noNaN: true }),
            fc.double({ min: -50, max: 50, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        (all) => {
          const points = all.map(([x, y], at) => point(String(at), x, y, { low: y - 1, high: y + 1 }));
          const { plane, points: places } = scatterLayout(points, box);
          expect(places).toHaveLength(points.length);
          for (const [at, place] of places.entries()) {
            expect(place.x).toBeGreaterThanOrEqual(plane.left);
            expect(place.x).toBeLessThanOrEqual(plane.right);
            expect(place.bar!.to).toBeGreaterThanOrEqual(plane.top);
            expect(place.bar!.from).toBeLessThanOrEqual(plane.bottom);
            const [one, first] = [points[at]!, points[0]!];
            if (one.x > first.x) expect(place.x).toBeGreaterThanOrEqual(places[0]!.x);
            if (one.y > first.y) expect(place.y).toBeLessThanOrEqual(places[0]!.y);
          }
        },
      ),
    );
  });

  it('has ticks where it has points, also where all of them are one', () => {
    const { xTicks, yTicks } = scatterLayout([point('a', 5, 1), point('b', 5, 1)], box);
    expect(xTicks.length).toBeGreaterThan(1);
    expect(yTicks.length).toBeGreaterThan(1);
    expect(scatterLayout([], box)).toMatchObject({ points: [], xTicks: [], yTicks: [] });
  });

  it('leaves out what a logarithmic axis has no place for', () => {
    const { points } = scatterLayout(
      [point('zero', 0, 1), point('nan', 1, Number.NaN), point('a', 1, 1)],
      box,
    );
    expect(points.map(({ id }) => id)).toEqual(['a']);
  });

  it('keeps labels of neighbours apart', () => {
    const near = [point('first one', 0.05, 2), point('second one', 0.0505, 2.01), point('third', 0.5, 4)];
    const { points } = scatterLayout(near, box);
    const boxes = points.slice(0, 2).map(({ label: { x, y, text, anchor } }) => {
      const width = 6.4 * text.length;
      const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
      return { left, right: left + width, top: y - 11, bottom: y + 3 };
    });
    const [a, b] = boxes as [(typeof boxes)[number], (typeof boxes)[number]];
    const overlap = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    expect(overlap).toBe(false);
  });

  it('lets no label cross an interval where there is room beside it', () => {
    const wide = { low: 1, high: 5 };
    const near = [point('first one', 0.05, 2.5), point('second', 0.075, 3, wide), point('far', 5, 4)];
    const { points } = scatterLayout(near, box);
    const [{ label }, second] = points as [(typeof points)[number], (typeof points)[number]];
    const width = 6.4 * label.text.length;
    const left =
      label.anchor === 'start' ? label.x : label.anchor === 'end' ? label.x - width : label.x - width / 2;
    const crosses = left < second.x && second.x < left + width;
    expect(crosses).toBe(false);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimeZoom } from '../../../src-renderer/state/time-zoom.svelte.ts';

it('shows all of it, then half of it around the pointer, and all again', () => {
  const zoom = new TimeZoom(100);
  expect(zoom.whole).toBe(true);
  zoom.by(0.5, 80);
  expect([zoom.fromSec, zoom.toSec]).toEqual([40, 90]);
  zoom.move(1);
  expect([zoom.fromSec, zoom.toSec]).toEqual([50, 100]);
  zoom.turnTo(20);
  expect([zoom.fromSec, zoom.toSec]).toEqual([20, 70]);
  zoom.turnTo(30);
  expect(zoom.fromSec).toBe(20);
  zoom.all();
  expect(zoom.whole).toBe(true);
});

it('never leaves the sound, and keeps what is pointed at where it is', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 20_000, noNaN: true }),
      fc.array(
        fc.tuple(fc.double({ min: 0.01, max: 50, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      ),
      (durationSec, steps) => {
        const zoom = new TimeZoom(durationSec);
        for (const [factor, share] of steps) {
          const atSec = zoom.fromSec + share * (zoom.toSec - zoom.fromSec);
          zoom.by(factor, atSec);
          expect(zoom.fromSec).toBeGreaterThanOrEqual(0);
          expect(zoom.toSec).toBeLessThanOrEqual(durationSec);
          expect(zoom.toSec).toBeGreaterThan(zoom.fromSec);
          expect(atSec).toBeGreaterThanOrEqual(zoom.fromSec - 1e-6);
          expect(atSec).toBeLessThanOrEqual(zoom.toSec + 1e-6);
        }
      },
    ),
  );
});

/** Times to mark, at most five, in steps that read well. */
export function timeTicks(durationSec: number): number[] {
  const step = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((one) => durationSec / one <= 4.5) ?? 20;
  return Array.from({ length: Math.floor(durationSec / step - 0.15) + 1 }, (_, index) =>
    Number((index * step).toFixed(2)),
  );
}

/** Frequencies to mark, in kHz, from 0 up, at most six. */
export function frequencyTicks(nyquistHz: number): number[] {
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].find((one) => nyquistHz / 1000 / one <= 5.6) ?? 50;
  return Array.from({ length: Math.floor(nyquistHz / 1000 / step - 0.15) + 1 }, (_, index) =>
    Number((index * step).toFixed(1)),
  );
}

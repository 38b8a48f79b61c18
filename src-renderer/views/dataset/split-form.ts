/** A number that was typed: its value, or why it is refused. */
export interface ReadNumber {
  value: number | null;
  error: string | null;
}

/** A share in per cent as a share of 1: '10' is 0.1. */
export function readShare(text: string): ReadNumber {
  const percent = readNumber(text);
  if (percent === null || percent < 0 || percent > 90)
    return { value: null, error: 'A number from 0 to 90.' };
  return { value: percent / 100, error: null };
}

export function readSeed(text: string): ReadNumber {
  const seed = readNumber(text);
  if (seed === null || !Number.isInteger(seed) || seed < 0 || seed > 2_147_483_647) {
    return { value: null, error: 'A whole number from 0 to 2147483647.' };
  }
  return { value: seed, error: null };
}

/** What was typed as a number, with a comma or a point; null where it is none. */
function readNumber(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (!/^-?\d+(\.\d+)?$/.test(trimmed)) return null;
  return Number(trimmed);
}

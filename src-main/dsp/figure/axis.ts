/** Marks at round values (1, 2 or 5 times a power of ten) from `from` to `to`, about `wanted` of them. */
export function roundMarks(from: number, to: number, wanted: number): number[] {
  const span = to - from;
  if (!(span > 0) || !(wanted >= 1)) return [from];
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const marks: number[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n++) marks.push(n * step);
  return marks;
}

/** A mark's value without the traces of binary arithmetic: 0.30000000000000004 is '0.3'. */
export function markLabel(value: number): string {
  return String(Number(value.toPrecision(6)));
}

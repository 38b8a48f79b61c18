/** What Adam keeps beside the weights, by the names under which it is state. */
export function momentName(kind: 'm' | 'v', parameter: string): string {
  return `adam/${kind}/${parameter}`;
}

/** Of the counter of its steps: a scalar, int32. */
export const stepName = 'adam/step';

/** The moments of `parameters` before the first step. */
export function zeroMoments(
  parameters: readonly { name: string; shape: readonly number[] }[],
): Map<string, { data: Float32Array; shape: number[] }> {
  const moments = new Map<string, { data: Float32Array; shape: number[] }>();
  for (const kind of ['m', 'v'] as const) {
    for (const { name, shape } of parameters) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      moments.set(momentName(kind, name), { data: new Float32Array(size), shape: [...shape] });
    }
  }
  return moments;
}

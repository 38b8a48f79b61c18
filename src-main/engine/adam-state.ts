/** What Adam keeps beside the weights, by the names under which it is state. */
export function momentName(kind: 'm' | 'v', parameter: string): string {
  return `adam/${kind}/${parameter}`;
}

/** Of the counter of its steps: a scalar, int32. */
export const stepName = 'adam/step';

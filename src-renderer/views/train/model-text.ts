/** A number of parameters: '934', '12.3 k', '1.24 M'. */
export function parametersText(count: number): string {
  if (count < 1000) return `${count} parameters`;
  const [value, unit] =
    count < 1e6 ? [count / 1e3, 'k'] : count < 1e9 ? [count / 1e6, 'M'] : [count / 1e9, 'G'];
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit} parameters`;
}

/** Ticks of one axis: as many digits as tell neighbours apart. */
export function tickTexts(ticks: readonly (number | null)[]): string[] {
  const values = ticks.filter((tick): tick is number => tick !== null);
  const largest = Math.max(...values.map(Math.abs), 0);
  const gaps = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? 0)));
  const spacing = Math.min(...gaps.filter((gap) => gap > 0), Infinity);
  const text = (value: number): string => {
    if (value === 0) return '0';
    if (largest >= 1e5 || largest < 1e-3) {
      const digits = Number.isFinite(spacing)
        ? Math.max(0, Math.ceil(Math.log10(Math.abs(value)) - Math.log10(spacing) - 1e-9))
        : 1;
      return value
        .toExponential(Math.min(4, digits))
        .replace('e+', 'e')
        .replace('-', '−')
        .replace('e-', 'e−');
    }
    const decimals = Number.isFinite(spacing) ? Math.max(0, Math.ceil(-Math.log10(spacing) - 1e-9)) : 2;
    return value.toFixed(Math.min(6, decimals)).replace('-', '−');
  };
  return ticks.map((tick) => (tick === null ? '' : text(tick)));
}

/** A span of time as an axis shows it: '40 s', '3:20', '1:05:00'. */
export function clockText(seconds: number): string {
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(rounded / 3600);
  const minutes = Math.floor((rounded % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rounded % 60)}` : `${minutes}:${two(rounded % 60)}`;
}

/** Ticks of one axis, each with as many digits as the spacing between them has. */
export function tickTexts(ticks: readonly (number | null)[]): string[] {
  const values = ticks.filter((tick): tick is number => tick !== null);
  const largest = Math.max(...values.map(Math.abs), 0);
  const gaps = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? 0)));
  const spacing = Math.min(...gaps.filter((gap) => gap > 0), Infinity);
  const step = Number.isFinite(spacing) ? spacing : largest;
  const inPowers = largest >= 1e6 || largest < 1e-3;
  return ticks.map((tick) => {
    if (tick === null) return '';
    if (tick === 0) return '0';
    if (!inPowers) return minus(grouped(tick, decimalsOf(step)));
    const power = Math.floor(Math.log10(Math.abs(tick)) + 1e-9);
    return minus(tick.toExponential(decimalsOf(step / 10 ** power)).replace('e+', 'e'));
  });
}

/** How many decimals a number needs to be written without loss of more than a thousandth of it. */
function decimalsOf(value: number): number {
  for (let decimals = 0; decimals < 7; decimals++) {
    if (Math.abs(Number(value.toFixed(decimals)) - value) <= 1e-3 * value) return decimals;
  }
  return 7;
}

function grouped(value: number, decimals: number): string {
  return formatOf(decimals).format(value);
}

const formats = new Map<number, Intl.NumberFormat>();

/** Kept: making one takes longer than all the numbers of an axis. */
function formatOf(decimals: number): Intl.NumberFormat {
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(decimals, format);
  }
  return format;
}

function minus(text: string): string {
  return text.replaceAll('-', '−');
}

/** A span of time as an axis shows it: '1.5 s', '40 s', '3:20', '1:05:00'. */
export function clockText(seconds: number): string {
  if (seconds < 59.95 && !Number.isInteger(seconds)) return `${minus(String(+seconds.toPrecision(3)))} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(rounded / 3600);
  const minutes = Math.floor((rounded % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rounded % 60)}` : `${minutes}:${two(rounded % 60)}`;
}

/** Red, green, blue from 0 to 1, as sRGB has them. */
export type Rgb = readonly [number, number, number];

/** '#2c5cd6' or, over what is below it, '#2c5cd640'; '#fff'. */
export function rgbOf(text: string, below?: Rgb): Rgb {
  const hex = text.replace('#', '');
  const full = hex.length < 6 ? [...hex].map((one) => one + one).join('') : hex;
  const channel = (at: number): number => parseInt(full.slice(2 * at, 2 * at + 2), 16) / 255;
  const alpha = full.length === 8 ? channel(3) : 1;
  if (alpha < 1 && !below) throw new Error(`${text} is translucent`);
  const mix = (at: 0 | 1 | 2): number => alpha * channel(at) + (1 - alpha) * (below?.[at] ?? 0);
  return [mix(0), mix(1), mix(2)];
}

const linear = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const gamma = (value: number): number =>
  value <= 0.0031308 ? 12.92 * value : 1.055 * Math.max(0, value) ** (1 / 2.4) - 0.055;

/** WCAG 2: (lighter + 0.05) / (darker + 0.05). */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

export type Sight = 'normal' | 'deuteranopia' | 'protanopia';

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear light. */
const matrices: Record<Exclude<Sight, 'normal'>, readonly (readonly [number, number, number])[]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** A colour as somebody sees it. */
export function seenBy(sight: Sight, colour: Rgb): Rgb {
  if (sight === 'normal') return colour;
  const [red, green, blue] = colour.map(linear) as [number, number, number];
  const [r = 0, g = 0, b = 0] = matrices[sight].map(([x, y, z]) =>
    gamma(Math.min(1, x * red + y * green + z * blue)),
  );
  return [r, g, b];
}

/** CIE76: the distance in CIELAB under D65. */
export function deltaE(a: Rgb, b: Rgb): number {
  const [x, y] = [lab(a), lab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

function lab(colour: Rgb): [number, number, number] {
  const [red, green, blue] = colour.map(linear) as [number, number, number];
  const f = (value: number): number => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

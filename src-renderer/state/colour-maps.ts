// Colours of a spectrogram. Each map grows evenly in lightness, so that equal steps in dB look equal, also in grey and
// to every kind of colour blindness. Points of magma and viridis after Smith and van der Walt, as published for matplotlib.

const points = {
  magma: [
    [0, 0, 4],
    [20, 14, 54],
    [59, 15, 112],
    [100, 26, 128],
    [140, 41, 129],
    [183, 55, 121],
    [222, 73, 104],
    [247, 112, 92],
    [254, 159, 109],
    [254, 207, 146],
    [252, 253, 191],
  ],
  viridis: [
    [68, 1, 84],
    [72, 36, 117],
    [65, 68, 135],
    [53, 95, 141],
    [42, 120, 142],
    [33, 145, 140],
    [34, 168, 132],
    [68, 191, 112],
    [122, 209, 81],
    [189, 223, 38],
    [253, 231, 37],
  ],
  grey: [
    [12, 12, 12],
    [250, 250, 250],
  ],
  paper: [
    [255, 255, 255],
    [16, 16, 16],
  ],
} as const satisfies Record<string, readonly (readonly [number, number, number])[]>;

export type ColourMap = keyof typeof points;
export const colourMaps = Object.keys(points) as ColourMap[];

/**
 * Of signed differences: dark where there is none, as silence is in the maps beside it; blue below and orange above, which
 * every common kind of colour blindness tells apart, equally light at equal distance.
 */
const differencePoints = [
  [154, 207, 255],
  [98, 165, 236],
  [57, 123, 196],
  [35, 84, 141],
  [22, 48, 80],
  [13, 13, 15],
  [76, 42, 16],
  [133, 70, 18],
  [187, 103, 29],
  [234, 147, 62],
  [255, 200, 134],
] as const;

/** Of angles: the first colour is the last one, and opposite angles are told apart by lightness as well. */
const phasePoints = [
  [22, 26, 34],
  [43, 88, 140],
  [116, 169, 207],
  [235, 235, 230],
  [226, 154, 94],
  [150, 66, 40],
  [22, 26, 34],
] as const;

/** Maps that belong to what is shown rather than to taste. */
export type FixedMap = 'difference' | 'phase';

type Stops = readonly (readonly [number, number, number])[];

const tables = new Map<ColourMap | FixedMap, Uint32Array>();

/** 256 colours as the pixels of an ImageData (little-endian ABGR), lowest level first. */
export function colourTable(map: ColourMap | FixedMap): Uint32Array {
  const known = tables.get(map);
  if (known) return known;
  const stops = stopsOf(map);
  const table = new Uint32Array(256);
  for (let level = 0; level < 256; level++) {
    const at = (level / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const from = stops[low] ?? [0, 0, 0];
    const to = stops[low + 1] ?? from;
    const mix = (channel: 0 | 1 | 2): number =>
      Math.round(from[channel] + (to[channel] - from[channel]) * (at - low));
    table[level] = (255 << 24) | (mix(2) << 16) | (mix(1) << 8) | mix(0);
  }
  tables.set(map, table);
  return table;
}

/** A map as CSS paints it from left to right, for the legend of a scale. */
export function colourGradient(map: ColourMap | FixedMap): string {
  return `linear-gradient(to right, ${stopsOf(map)
    .map((channels) => `rgb(${channels.join(' ')})`)
    .join(', ')})`;
}

function stopsOf(map: ColourMap | FixedMap): Stops {
  if (map === 'difference') return differencePoints;
  return map === 'phase' ? phasePoints : points[map];
}

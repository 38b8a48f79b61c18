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

const tables = new Map<ColourMap, Uint32Array>();

/** 256 colours as the pixels of an ImageData (little-endian ABGR), lowest level first. */
export function colourTable(map: ColourMap): Uint32Array {
  const known = tables.get(map);
  if (known) return known;
  const stops = points[map];
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

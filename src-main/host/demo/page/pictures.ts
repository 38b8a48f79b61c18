/** One clip as the page's script gets it. */
export interface PictureClip {
  id: string;
  bins: number;
  frames: number;
  /** Each sound's spectrogram `[bins, frames]`: base64 of bytes from floorDb (0) to ceilingDb (255). */
  pictures: string[];
}

export interface PictureData {
  floorDb: number;
  ceilingDb: number;
  clips: PictureClip[];
}

/**
 * The script of the demo's pictures: paints the spectrograms, and reads dB under the pointer in all pictures of a clip at
 * once. The cards themselves are played by `playCards`.
 *
 * Its source text is put into the page as it is, so it uses nothing from outside itself.
 */
export function paintPictures(data: PictureData): void {
  // Perceptually even, dark to light: anchors of matplotlib's magma.
  const anchors = [
    [0, 0, 4],
    [28, 16, 68],
    [79, 18, 123],
    [129, 37, 129],
    [181, 54, 122],
    [229, 80, 100],
    [251, 135, 97],
    [254, 194, 135],
    [252, 253, 191],
  ];

  function colour(share: number): [number, number, number] {
    const at = Math.min(anchors.length - 1.000001, Math.max(0, share * (anchors.length - 1)));
    const low = anchors[Math.floor(at)] ?? [0, 0, 0];
    const high = anchors[Math.floor(at) + 1] ?? low;
    const mix = (channel: number): number => {
      const from = low[channel] ?? 0;
      return from + ((high[channel] ?? 0) - from) * (at - Math.floor(at));
    };
    return [mix(0), mix(1), mix(2)];
  }

  function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  }

  /** One picture at its own size, one pixel a bin and frame; the browser scales it. */
  function paint(canvas: HTMLCanvasElement, values: Uint8Array, clip: PictureClip): void {
    canvas.width = clip.frames;
    canvas.height = clip.bins;
    const context = canvas.getContext('2d');
    if (!context) return;
    const image = context.createImageData(clip.frames, clip.bins);
    for (let bin = 0; bin < clip.bins; bin++) {
      for (let frame = 0; frame < clip.frames; frame++) {
        const [red, green, blue] = colour((values[bin * clip.frames + frame] ?? 0) / 255);
        const at = 4 * ((clip.bins - 1 - bin) * clip.frames + frame);
        image.data.set([red, green, blue, 255], at);
      }
    }
    context.putImageData(image, 0, 0);
  }

  for (const clip of data.clips) {
    const pictures = clip.pictures.map(bytesOf);
    const panels = [...(document.getElementById(clip.id)?.querySelectorAll<HTMLElement>('.panel') ?? [])];
    const read = (x: number, y: number): void => {
      const frame = Math.min(clip.frames - 1, Math.max(0, Math.floor(x * clip.frames)));
      const bin = Math.min(clip.bins - 1, Math.max(0, Math.floor((1 - y) * clip.bins)));
      for (const [at, panel] of panels.entries()) {
        const value = pictures[at]?.[bin * clip.frames + frame] ?? 0;
        const db = Math.round(data.floorDb + (value / 255) * (data.ceilingDb - data.floorDb));
        const shown = panel.querySelector('.reading');
        if (shown) shown.textContent = `${db <= data.floorDb ? '≤ ' : ''}${db} dB`.replace('-', '−');
      }
    };
    for (const [at, panel] of panels.entries()) {
      const canvas = panel.querySelector('canvas');
      const values = pictures[at];
      if (canvas && values) paint(canvas, values, clip);
      const picture = panel.querySelector('.picture');
      picture?.addEventListener('pointermove', (event) => {
        if (!(event instanceof PointerEvent)) return;
        const box = picture.getBoundingClientRect();
        read((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      });
    }
  }
  const bar = document.querySelector<HTMLElement>('.scale i');
  const stops = Array.from(
    { length: 9 },
    (_, at) =>
      `rgb(${colour(at / 8)
        .map(Math.round)
        .join(' ')})`,
  );
  if (bar) bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
}

import type { Shape } from './map-colouring.ts';
import { type Box, type ScatterView, toScreen } from './scatter-view.ts';

/** How the points of one class look. */
export interface Mark {
  colour: string;
  shape: Shape;
}

/** Marks painted once, to be copied for each point. */
export interface Sprites {
  images: HTMLCanvasElement[];
  /** The same as pixels, `[side, side]` each, red in the lowest byte: what thousands of points are stamped with. */
  pixels: Uint32Array[];
  /** CSS pixels across, and those of the screen. */
  size: number;
  side: number;
}

export function markSprites(
  marks: readonly Mark[],
  { radius, ratio, edge }: { radius: number; ratio: number; edge: string },
): Sprites {
  const size = 2 * radius + 4;
  const side = Math.ceil(size * ratio);
  const images = marks.map(({ colour, shape }) => {
    const image = document.createElement('canvas');
    image.width = image.height = side;
    const context = image.getContext('2d');
    if (!context) return image;
    context.scale(ratio, ratio);
    context.translate(size / 2, size / 2);
    tracePath(context, shape, radius);
    // An edge of the background parts points that lie on each other.
    context.lineWidth = 1.5;
    context.strokeStyle = edge;
    context.stroke();
    context.fillStyle = colour;
    context.fill();
    return image;
  });
  const pixels = images.map((image) => {
    const data = image.getContext('2d')?.getImageData(0, 0, side, side).data;
    return data ? new Uint32Array(data.buffer) : new Uint32Array(side * side);
  });
  return { images, pixels, size, side };
}

function tracePath(context: CanvasRenderingContext2D, shape: Shape, radius: number): void {
  context.beginPath();
  if (shape === 'circle') {
    context.arc(0, 0, radius, 0, 2 * Math.PI);
    return;
  }
  const outline = outlines[shape];
  for (const [x, y] of outline) context.lineTo(x * radius, y * radius);
  context.closePath();
}

/** Corners of the marks, of about the same area. */
const outlines: Readonly<Record<Exclude<Shape, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.2],
    [1.15, 0.9],
    [-1.15, 0.9],
  ],
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  cross: [
    [-0.4, -1.1],
    [0.4, -1.1],
    [0.4, -0.4],
    [1.1, -0.4],
    [1.1, 0.4],
    [0.4, 0.4],
    [0.4, 1.1],
    [-0.4, 1.1],
    [-0.4, 0.4],
    [-1.1, 0.4],
    [-1.1, -0.4],
    [-0.4, -0.4],
  ],
};

export interface PaintJob {
  points: { x: Float32Array; y: Float32Array; shown(at: number): boolean };
  view: ScatterView;
  box: Box;
  ratio: number;
  sprites: Sprites;
  classOf: Uint16Array;
  selected: number;
  ringed: readonly number[];
  hovered: number;
}

/** Pixels of the screen that points are stamped on, used again as long as the canvas has its size. */
export class Surface {
  #image: ImageData | null = null;
  #pixels = new Uint32Array();

  /** All points that are in the box, on nothing. */
  stamp(context: CanvasRenderingContext2D, job: PaintJob): void {
    const { width, height } = context.canvas;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    } else this.#pixels.fill(0);
    const { points, view, box, ratio, sprites, classOf } = job;
    const { x, y, shown } = points;
    const { side } = sprites;
    const scale = view.scale * ratio;
    const originX = (box.width / 2) * ratio - view.middleX * scale - side / 2;
    const originY = (box.height / 2) * ratio + view.middleY * scale - side / 2;
    for (let at = 0; at < x.length; at++) {
      const left = Math.round(originX + x[at]! * scale);
      const top = Math.round(originY - y[at]! * scale);
      if (left < -side || top < -side || left >= width || top >= height || !shown(at)) continue;
      const mark = sprites.pixels[classOf[at] ?? 0];
      if (mark) this.#stampOne(mark, side, left, top, width, height);
    }
    context.putImageData(this.#image, 0, 0);
  }

  #stampOne(mark: Uint32Array, side: number, left: number, top: number, width: number, height: number): void {
    const pixels = this.#pixels;
    for (let row = Math.max(0, -top); row < side && top + row < height; row++) {
      const to = (top + row) * width + left;
      for (let column = Math.max(0, -left); column < side && left + column < width; column++) {
        const colour = mark[row * side + column]!;
        const alpha = colour >>> 24;
        if (alpha === 0) continue;
        const under = alpha === 255 ? 0 : pixels[to + column]!;
        pixels[to + column] = under === 0 ? colour : mixed(colour, alpha, under);
      }
    }
  }
}

/** A colour over another by its alpha; as opaque as the more opaque of the two. */
function mixed(colour: number, alpha: number, under: number): number {
  const share = alpha / 255;
  const channel = (shift: number): number =>
    Math.round(((colour >>> shift) & 255) * share + ((under >>> shift) & 255) * (1 - share)) << shift;
  return ((Math.max(alpha, under >>> 24) << 24) | channel(16) | channel(8) | channel(0)) >>> 0;
}

/**
 * Paints all points that are in the box, and rings around what is pointed at. Points are stamped as pixels: twenty
 * thousand of them take a few milliseconds, where drawing each as an image takes hundreds without a graphics card.
 */
export function drawPoints(
  context: CanvasRenderingContext2D,
  job: PaintJob,
  line: string,
  surface: Surface,
): void {
  const { points, view, box, ratio, sprites } = job;
  const { x, y } = points;
  const half = sprites.size / 2;
  surface.stamp(context, job);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const ring = (at: number, radius: number, lineWidth: number): void => {
    if (at < 0 || at >= x.length) return;
    const place = toScreen(view, box, x[at]!, y[at]!);
    context.beginPath();
    context.arc(place.x, place.y, radius, 0, 2 * Math.PI);
    context.lineWidth = lineWidth;
    context.strokeStyle = line;
    context.stroke();
  };
  for (const at of job.ringed) ring(at, half + 2, 1);
  ring(job.hovered, half + 3, 1.5);
  ring(job.selected, half + 4, 2.5);
}

import type { Shape } from './map-colouring.ts';
import { type Box, type ScatterView, toScreen } from './scatter-view.ts';

/** How the points of one class look. */
export interface Mark {
  colour: string;
  shape: Shape;
}

/** Marks painted once: copying them is many times faster than painting each point. */
export interface Sprites {
  images: HTMLCanvasElement[];
  /** CSS pixels across. */
  size: number;
}

export function markSprites(
  marks: readonly Mark[],
  { radius, ratio, edge }: { radius: number; ratio: number; edge: string },
): Sprites {
  const size = 2 * radius + 4;
  const images = marks.map(({ colour, shape }) => {
    const image = document.createElement('canvas');
    image.width = image.height = Math.ceil(size * ratio);
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
  return { images, size };
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

/** Paints all points that are in the box, and rings around what is pointed at. */
export function drawPoints(context: CanvasRenderingContext2D, job: PaintJob, line: string): void {
  const { points, view, box, ratio, sprites, classOf } = job;
  const { x, y, shown } = points;
  const { images, size } = sprites;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, box.width, box.height);
  const half = size / 2;
  const originX = box.width / 2 - view.middleX * view.scale - half;
  const originY = box.height / 2 + view.middleY * view.scale - half;
  for (let at = 0; at < x.length; at++) {
    const left = originX + x[at]! * view.scale;
    const top = originY - y[at]! * view.scale;
    if (left < -size || top < -size || left > box.width || top > box.height || !shown(at)) continue;
    const image = images[classOf[at] ?? 0];
    if (image) context.drawImage(image, left, top, size, size);
  }
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

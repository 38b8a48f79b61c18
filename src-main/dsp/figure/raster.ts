import { PNG } from 'pngjs';
import { glyphHeight, glyphOf, textWidth } from './bitmap-font.ts';

/** A colour as 0xrrggbb. */
export type Colour = number;

/** Where a text's given point is in relation to it. */
export type Align = 'left' | 'centre' | 'right';

/**
 * A picture to draw into, measured in points; a point is `scale` x `scale` pixels, so that a picture of twice the scale has
 * the same layout, finer spectrograms and larger letters.
 */
export class Raster {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  private readonly png: PNG;

  constructor(width: number, height: number, scale: number, background: Colour) {
    this.width = width;
    this.height = height;
    this.scale = scale;
    this.png = new PNG({ width: width * scale, height: height * scale });
    this.fill(0, 0, width, height, background);
  }

  /** Fills a rectangle, in points. */
  fill(x: number, y: number, width: number, height: number, colour: Colour): void {
    const { scale } = this;
    for (let row = y * scale; row < (y + height) * scale; row++) {
      for (let column = x * scale; column < (x + width) * scale; column++) this.setPixel(column, row, colour);
    }
  }

  /** The outline of a rectangle, one pixel thick, just around it. */
  frame(x: number, y: number, width: number, height: number, colour: Colour): void {
    const { scale } = this;
    const [left, top] = [x * scale - 1, y * scale - 1];
    const [right, bottom] = [(x + width) * scale, (y + height) * scale];
    for (let column = left; column <= right; column++) {
      this.setPixel(column, top, colour);
      this.setPixel(column, bottom, colour);
    }
    for (let row = top; row <= bottom; row++) {
      this.setPixel(left, row, colour);
      this.setPixel(right, row, colour);
    }
  }

  /** Writes one line of text, the top of its letters at `y`, in points; a letter's dot is one point. */
  text(text: string, x: number, y: number, colour: Colour, align: Align = 'left'): void {
    const width = textWidth(text);
    let left = x - (align === 'right' ? width : align === 'centre' ? Math.round(width / 2) : 0);
    for (const character of text) {
      const glyph = glyphOf(character);
      glyph.forEach((column, at) => {
        for (let row = 0; row < glyphHeight; row++) {
          if ((column >> row) & 1) this.fill(left + at, y + row, 1, 1, colour);
        }
      });
      left += glyph.length + 1;
    }
  }

  /** Sets one pixel, in pixels; outside of the picture nothing happens. */
  setPixel(column: number, row: number, colour: Colour): void {
    if (column < 0 || row < 0 || column >= this.png.width || row >= this.png.height) return;
    const at = 4 * (row * this.png.width + column);
    this.png.data[at] = colour >> 16;
    this.png.data[at + 1] = (colour >> 8) & 255;
    this.png.data[at + 2] = colour & 255;
    this.png.data[at + 3] = 255;
  }

  /** The picture as the bytes of a PNG file. */
  encode(): Uint8Array {
    return PNG.sync.write(this.png, { colorType: 2 });
  }
}

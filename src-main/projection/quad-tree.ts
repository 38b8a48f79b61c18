/** Deep enough for points as close as floats can be; what is closer still shares a leaf. */
const deepest = 40;

/** What points push on one of them: the sum of w² (y_i - y_j), and of w; w = 1 / (1 + |y_i - y_j|²). */
export interface Push {
  x: number;
  y: number;
  weights: number;
}

/**
 * Points of a plane in ever smaller squares, so that far ones can be taken together (J. Barnes and P. Hut, Nature 324,
 * 1986). Filled anew for each layout; its memory is used again.
 */
export class QuadTree {
  #size = 0;
  /** Of each node: the sum of its points, how many, its first of four children (0 for none), its width. */
  #sumX: Float64Array;
  #sumY: Float64Array;
  #counts: Int32Array;
  #children: Int32Array;
  #widths: Float64Array;
  readonly #stack = new Int32Array(4 * (deepest + 2));

  constructor(count: number) {
    const room = 4 * Math.max(16, 2 * count);
    this.#sumX = new Float64Array(room);
    this.#sumY = new Float64Array(room);
    this.#counts = new Int32Array(room);
    this.#children = new Int32Array(room);
    this.#widths = new Float64Array(room);
  }

  /** Takes the points of `layout` `[count, 2]`. */
  fill(layout: Float64Array): void {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let at = 0; at < layout.length; at += 2) {
      left = Math.min(left, layout[at]!);
      right = Math.max(right, layout[at]!);
      bottom = Math.min(bottom, layout[at + 1]!);
      top = Math.max(top, layout[at + 1]!);
    }
    const width = Math.max(right - left, top - bottom, Number.MIN_VALUE) * (1 + 1e-9);
    this.#size = 0;
    this.#node(width);
    const middleX = (left + right) / 2;
    const middleY = (bottom + top) / 2;
    for (let at = 0; at < layout.length; at += 2) {
      this.#insert(layout[at]!, layout[at + 1]!, middleX, middleY, width);
    }
  }

  /**
   * What all others push on the point (x, y), which is one of them. A square is taken as one where its width is less than
   * `theta` of its distance; with 0 none is, and the result is exact.
   */
  pushOn(x: number, y: number, theta: number, push: Push): void {
    const stack = this.#stack;
    const squaredTheta = theta * theta;
    let forceX = 0;
    let forceY = 0;
    let weights = 0;
    let depth = 0;
    stack[depth++] = 0;
    while (depth > 0) {
      const node = stack[--depth]!;
      const count = this.#counts[node]!;
      if (count === 0) continue;
      const dx = x - this.#sumX[node]! / count;
      const dy = y - this.#sumY[node]! / count;
      const square = dx * dx + dy * dy;
      const first = this.#children[node]!;
      const width = this.#widths[node]!;
      if (first === 0 || width * width < squaredTheta * square) {
        const weight = 1 / (1 + square);
        weights += count * weight;
        const both = count * weight * weight;
        forceX += both * dx;
        forceY += both * dy;
        continue;
      }
      stack[depth++] = first;
      stack[depth++] = first + 1;
      stack[depth++] = first + 2;
      stack[depth++] = first + 3;
    }
    push.x = forceX;
    push.y = forceY;
    // The point itself was counted, with a weight of 1 and no force.
    push.weights = weights - 1;
  }

  #node(width: number): number {
    if (this.#size === this.#counts.length) this.#grow();
    const node = this.#size++;
    this.#sumX[node] = 0;
    this.#sumY[node] = 0;
    this.#counts[node] = 0;
    this.#children[node] = 0;
    this.#widths[node] = width;
    return node;
  }

  #insert(x: number, y: number, rootX: number, rootY: number, rootWidth: number): void {
    let [node, middleX, middleY, width] = [0, rootX, rootY, rootWidth];
    for (let depth = 0; ; depth++) {
      const count = this.#counts[node]!;
      const [oldX, oldY] = [this.#sumX[node]!, this.#sumY[node]!];
      this.#sumX[node] = oldX + x;
      this.#sumY[node] = oldY + y;
      this.#counts[node] = count + 1;
      if (this.#children[node] === 0) {
        if (count === 0 || depth === deepest) return;
        const first = this.#node(width / 2);
        for (let more = 0; more < 3; more++) this.#node(width / 2);
        this.#children[node] = first;
        // The one that had the square for itself moves a level down.
        const place = first + quarter(oldX, oldY, middleX, middleY);
        this.#sumX[place] = oldX;
        this.#sumY[place] = oldY;
        this.#counts[place] = 1;
      }
      const at = quarter(x, y, middleX, middleY);
      node = this.#children[node]! + at;
      width /= 2;
      middleX += (at & 1 ? 0.5 : -0.5) * width;
      middleY += (at & 2 ? 0.5 : -0.5) * width;
    }
  }

  #grow(): void {
    const grown = <A extends Float64Array | Int32Array>(old: A, bigger: A): A => {
      bigger.set(old);
      return bigger;
    };
    const room = 2 * this.#counts.length;
    this.#sumX = grown(this.#sumX, new Float64Array(room));
    this.#sumY = grown(this.#sumY, new Float64Array(room));
    this.#counts = grown(this.#counts, new Int32Array(room));
    this.#children = grown(this.#children, new Int32Array(room));
    this.#widths = grown(this.#widths, new Float64Array(room));
  }
}

function quarter(x: number, y: number, middleX: number, middleY: number): number {
  return (x >= middleX ? 1 : 0) + (y >= middleY ? 2 : 0);
}

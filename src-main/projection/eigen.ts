/** Eigenvalues, largest first, and the eigenvector of each as a row of `vectors` `[n, n]`, all of length 1. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

const mostSweeps = 60;

/**
 * Every eigenvalue and eigenvector of a symmetric matrix `[n, n]`, exact to rounding: Householder's reduction to three
 * diagonals, then QL with implicit shifts (J. H. Wilkinson and C. Reinsch, "Linear Algebra", 1971, II/2 and II/4).
 * The argument is used up.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  if (matrix.length !== n * n) throw new RangeError(`${matrix.length} numbers are no matrix of ${n} x ${n}.`);
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Numbers about 1: squares of very small ones would vanish, those of very large ones overflow.
  const scale = largest > 0 ? largest : 1;
  for (let at = 0; at < matrix.length; at++) matrix[at] = matrix[at]! / scale;
  const basis = new Float64Array(n * n);
  for (let at = 0; at < n; at++) basis[at * n + at] = 1;
  const { diagonal, beside } = tridiagonalise(matrix, n, basis);
  diagonalise(diagonal, beside, n, basis);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]! || a - b);
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) {
    vectors.set(basis.subarray(from * n, (from + 1) * n), to * n);
  }
  return { values: Float64Array.from(order, (at) => diagonal[at]! * scale), vectors };
}

/** Turns `matrix` into three diagonals by reflections, which are put together in the rows of `basis`. */
function tridiagonalise(matrix: Float64Array, n: number, basis: Float64Array) {
  const mirror = new Float64Array(n);
  const product = new Float64Array(n);
  const negligible = Number.EPSILON ** 2 * matrix.reduce((sum, value) => sum + value * value, 0);
  for (let column = 0; column < n - 2; column++) {
    let below = 0;
    for (let row = column + 2; row < n; row++) below += matrix[row * n + column]! ** 2;
    // In form already, or so nearly that the reflection would be made of rounding alone.
    if (below <= negligible) continue;
    const head = matrix[(column + 1) * n + column]!;
    const length = head > 0 ? -Math.sqrt(below + head * head) : Math.sqrt(below + head * head);
    mirror.fill(0);
    for (let row = column + 1; row < n; row++) mirror[row] = matrix[row * n + column]!;
    mirror[column + 1] = head - length;
    const norm = Math.sqrt(below + (head - length) ** 2);
    for (let row = column + 1; row < n; row++) mirror[row] = mirror[row]! / norm;
    reflectBothSides(matrix, n, column, mirror, product);
    reflectRows(basis, n, column, mirror, product);
  }
  const diagonal = Float64Array.from({ length: n }, (_, at) => matrix[at * n + at]!);
  const beside = Float64Array.from({ length: n }, (_, at) => (at < n - 1 ? matrix[(at + 1) * n + at]! : 0));
  return { diagonal, beside };
}

/** `A - 2 (v w' + w v')` with `w = A v - (v' A v) v`: the matrix between two reflections at `v`. */
function reflectBothSides(
  matrix: Float64Array,
  n: number,
  first: number,
  v: Float64Array,
  w: Float64Array,
): void {
  let along = 0;
  for (let row = first; row < n; row++) {
    let sum = 0;
    for (let at = first + 1; at < n; at++) sum += matrix[row * n + at]! * v[at]!;
    w[row] = sum;
    along += sum * v[row]!;
  }
  for (let row = first; row < n; row++) w[row] = w[row]! - along * v[row]!;
  for (let row = first; row < n; row++) {
    for (let at = first; at < n; at++) {
      matrix[row * n + at] = matrix[row * n + at]! - 2 * (v[row]! * w[at]! + w[row]! * v[at]!);
    }
  }
}

function reflectRows(
  basis: Float64Array,
  n: number,
  first: number,
  v: Float64Array,
  sums: Float64Array,
): void {
  sums.fill(0);
  for (let row = first + 1; row < n; row++) {
    for (let at = 0; at < n; at++) sums[at] = sums[at]! + v[row]! * basis[row * n + at]!;
  }
  for (let row = first + 1; row < n; row++) {
    for (let at = 0; at < n; at++) basis[row * n + at] = basis[row * n + at]! - 2 * v[row]! * sums[at]!;
  }
}

/** QL with implicit shifts: what lies beside the diagonal goes to zero, `basis` turns along. */
function diagonalise(d: Float64Array, e: Float64Array, n: number, basis: Float64Array): void {
  const largest = Math.max(...d.map(Math.abs), ...e.map(Math.abs));
  // Far below rounding: products of numbers so small would vanish, and nothing would settle.
  const negligible = Number.EPSILON ** 2 * largest;
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; ; sweep++) {
      let high = low;
      while (high < n - 1) {
        const size = Math.abs(d[high]!) + Math.abs(d[high + 1]!);
        if (Math.abs(e[high]!) <= Math.max(negligible, Number.EPSILON * size)) break;
        high++;
      }
      if (high === low) break;
      if (sweep === mostSweeps) throw new Error('the eigenvalues did not settle');
      step(d, e, low, high, n, basis);
    }
  }
}

function step(
  d: Float64Array,
  e: Float64Array,
  low: number,
  high: number,
  n: number,
  basis: Float64Array,
): void {
  const half = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const root = Math.hypot(half, 1);
  let rest = d[high]! - d[low]! + e[low]! / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let moved = 0;
  for (let at = high - 1; at >= low; at--) {
    const across = sine * e[at]!;
    const along = cosine * e[at]!;
    const radius = Math.hypot(across, rest);
    e[at + 1] = radius;
    if (radius === 0) {
      d[at + 1] = d[at + 1]! - moved;
      e[high] = 0;
      return;
    }
    sine = across / radius;
    cosine = rest / radius;
    const shifted = d[at + 1]! - moved;
    const turned = (d[at]! - shifted) * sine + 2 * cosine * along;
    moved = sine * turned;
    d[at + 1] = shifted + moved;
    rest = cosine * turned - along;
    const upper = at * n;
    const lower = upper + n;
    for (let column = 0; column < n; column++) {
      const one = basis[lower + column]!;
      const other = basis[upper + column]!;
      basis[lower + column] = sine * other + cosine * one;
      basis[upper + column] = cosine * other - sine * one;
    }
  }
  d[low] = d[low]! - moved;
  e[low] = rest;
  e[high] = 0;
}

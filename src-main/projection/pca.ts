import { symmetricEigen } from './eigen.ts';

/** Rows of numbers, `[count, dimensions]`. */
export interface Rows {
  data: Float32Array;
  count: number;
  dimensions: number;
}

export interface Principal {
  /** `[count, components]`: each row less the mean, along each component. */
  scores: Float32Array;
  components: number;
  /** Unit vectors `[components, dimensions]`, most variance first; the largest entry of each is positive. */
  axes: Float64Array;
  mean: Float64Array;
  /** Variance along every component, `[min(dimensions, ...)]`, with n - 1 below. */
  variances: Float64Array;
  /** Share of the whole variance by component; all 0 where all rows are alike. */
  explained: Float64Array;
}

/**
 * Principal components by the eigenvectors of the covariance, exact to rounding. `components` is at most `dimensions`.
 * A component may point either way: here its largest entry is positive, so that the same rows give the same picture.
 */
export function principalComponents(rows: Rows, components: number): Principal {
  const { data, count, dimensions } = rows;
  const kept = Math.min(components, dimensions);
  const mean = meanOf(rows);
  const { values, vectors } = symmetricEigen(covarianceOf(rows, mean), dimensions);
  // Rounding leaves what should be zero a little below.
  const variances = values.map((value) => Math.max(0, value));
  const total = variances.reduce((sum, value) => sum + value, 0);
  const axes = vectors.slice(0, kept * dimensions);
  for (let component = 0; component < kept; component++) {
    pointUpwards(axes.subarray(component * dimensions, (component + 1) * dimensions));
  }
  const scores = new Float32Array(count * kept);
  for (let row = 0; row < count; row++) {
    for (let component = 0; component < kept; component++) {
      let sum = 0;
      for (let at = 0; at < dimensions; at++) {
        sum += (data[row * dimensions + at]! - mean[at]!) * axes[component * dimensions + at]!;
      }
      scores[row * kept + component] = sum;
    }
  }
  const explained = variances.map((value) => (total === 0 ? 0 : value / total));
  return { scores, components: kept, axes, mean, variances, explained };
}

/** Mean of the rows, `[dimensions]`. */
export function meanOf({ data, count, dimensions }: Rows): Float64Array {
  const mean = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < dimensions; at++) mean[at] = mean[at]! + data[row * dimensions + at]!;
  }
  return mean.map((sum) => sum / Math.max(1, count));
}

/** Covariance `[dimensions, dimensions]` with n - 1 below; zeros for a single row. */
export function covarianceOf({ data, count, dimensions }: Rows, mean: Float64Array): Float64Array {
  const covariance = new Float64Array(dimensions * dimensions);
  const centred = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < dimensions; at++) centred[at] = data[row * dimensions + at]! - mean[at]!;
    for (let i = 0; i < dimensions; i++) {
      const one = centred[i]!;
      for (let j = i; j < dimensions; j++) {
        covariance[i * dimensions + j] = covariance[i * dimensions + j]! + one * centred[j]!;
      }
    }
  }
  for (let i = 0; i < dimensions; i++) {
    for (let j = i; j < dimensions; j++) {
      const value = covariance[i * dimensions + j]! / Math.max(1, count - 1);
      covariance[i * dimensions + j] = value;
      covariance[j * dimensions + i] = value;
    }
  }
  return covariance;
}

function pointUpwards(axis: Float64Array): void {
  let largest = 0;
  for (const value of axis) if (Math.abs(value) > Math.abs(largest) + 1e-12) largest = value;
  if (largest < 0) for (let at = 0; at < axis.length; at++) axis[at] = -axis[at]!;
}

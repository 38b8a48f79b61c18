/** Below this share of their size, differences of values are what rounding left of none. */
const leastShare = 1e-9;

/**
 * The range of a linear axis for values from `bottom` to `top`: with a little room above and below. A curve that is
 * constant but for rounding (a moving average of one learning rate) is drawn as constant: ticks between its values would
 * be too close together for a number to tell them apart, and the plot would try millions of them.
 */
export function linearRange(bottom: number, top: number): [number, number] {
  const size = Math.max(Math.abs(bottom), Math.abs(top));
  const isConstant = top - bottom <= size * leastShare;
  const room = isConstant ? size * 0.05 || 1 : (top - bottom) * 0.06;
  return [bottom - room, top + room];
}

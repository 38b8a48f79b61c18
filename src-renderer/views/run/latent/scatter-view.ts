/** Where the window onto a map lies: screen = centre of the box + (data - middle) x scale, y upwards. */
export interface ScatterView {
  middleX: number;
  middleY: number;
  /** CSS pixels of one unit. */
  scale: number;
}

export interface Box {
  width: number;
  height: number;
}

const margin = 0.9;
const mostZoom = 4000;

/** The view that shows every point, with a little room. */
export function fitView(x: ArrayLike<number>, y: ArrayLike<number>, box: Box): ScatterView {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < x.length; at++) {
    left = Math.min(left, x[at]!);
    right = Math.max(right, x[at]!);
    bottom = Math.min(bottom, y[at]!);
    top = Math.max(top, y[at]!);
  }
  if (!(right >= left)) return { middleX: 0, middleY: 0, scale: 1 };
  const scale = margin * Math.min(box.width / (right - left || 1), box.height / (top - bottom || 1));
  return { middleX: (left + right) / 2, middleY: (bottom + top) / 2, scale: scale > 0 ? scale : 1 };
}

export function toScreen(view: ScatterView, box: Box, x: number, y: number): { x: number; y: number } {
  return {
    x: box.width / 2 + (x - view.middleX) * view.scale,
    y: box.height / 2 - (y - view.middleY) * view.scale,
  };
}

/** Nearer by `factor`, what is at the place on screen staying there; within bounds of what fits. */
export function zoomAt(
  view: ScatterView,
  box: Box,
  place: { x: number; y: number },
  factor: number,
  fit: ScatterView,
): ScatterView {
  const scale = Math.min(mostZoom * fit.scale, Math.max(fit.scale / 4, view.scale * factor));
  const fromMiddleX = place.x - box.width / 2;
  const fromMiddleY = box.height / 2 - place.y;
  return {
    middleX: view.middleX + fromMiddleX / view.scale - fromMiddleX / scale,
    middleY: view.middleY + fromMiddleY / view.scale - fromMiddleY / scale,
    scale,
  };
}

export function panBy(view: ScatterView, dx: number, dy: number): ScatterView {
  return { ...view, middleX: view.middleX - dx / view.scale, middleY: view.middleY + dy / view.scale };
}

/** The shown point nearest to a place on screen, within `reach` pixels; -1 for none. */
export function pointAt(
  points: { x: ArrayLike<number>; y: ArrayLike<number>; shown(at: number): boolean },
  view: ScatterView,
  box: Box,
  place: { x: number; y: number },
  reach = 8,
): number {
  let best = -1;
  let least = reach * reach;
  const dataX = view.middleX + (place.x - box.width / 2) / view.scale;
  const dataY = view.middleY + (box.height / 2 - place.y) / view.scale;
  const squaredScale = view.scale * view.scale;
  for (let at = 0; at < points.x.length; at++) {
    const dx = points.x[at]! - dataX;
    const dy = points.y[at]! - dataY;
    const square = (dx * dx + dy * dy) * squaredScale;
    if (square <= least && points.shown(at)) {
      best = at;
      least = square;
    }
  }
  return best;
}

/** The next shown point in a direction from one: the nearest among those that lie more that way than across. */
export function pointTowards(
  points: { x: ArrayLike<number>; y: ArrayLike<number>; shown(at: number): boolean },
  from: number,
  direction: { x: number; y: number },
): number {
  let best = -1;
  let least = Infinity;
  for (let at = 0; at < points.x.length; at++) {
    if (at === from || !points.shown(at)) continue;
    const dx = points.x[at]! - points.x[from]!;
    const dy = points.y[at]! - points.y[from]!;
    const along = dx * direction.x + dy * direction.y;
    const across = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    if (along <= 0 || across > along) continue;
    const distance = along + across;
    if (distance < least) {
      best = at;
      least = distance;
    }
  }
  return best;
}

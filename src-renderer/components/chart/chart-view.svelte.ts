import type { PlotAxis } from './plot.ts';

let links = 0;

/** What several charts share: their axis, zoom, smoothing and cursor. */
export class ChartView {
  /** Charts with one view share their cursor. */
  readonly linkKey = `charts-${++links}`;

  #axis = $state<PlotAxis>('step');
  logX = $state(false);
  logY = $state(false);
  /** Weight of the moving average: 0 shows what was measured. */
  smoothing = $state(0.6);
  withoutExtremes = $state(false);
  #zoom = $state.raw<readonly [number, number] | null>(null);
  /** Where the cursor is, in units of the axis. */
  cursor = $state.raw<number | null>(null);

  get axis(): PlotAxis {
    return this.#axis;
  }

  /** Another axis has other units: a span of the old one means nothing on it. */
  set axis(axis: PlotAxis) {
    if (axis === this.#axis) return;
    this.#axis = axis;
    this.#zoom = null;
    this.cursor = null;
  }

  /** The span that the user chose; null where all is in view, and goes on growing. */
  get zoom(): readonly [number, number] | null {
    return this.#zoom;
  }

  zoomTo(from: number, to: number): void {
    if (!(Number.isFinite(from) && Number.isFinite(to)) || from === to) return;
    this.#zoom = [Math.min(from, to), Math.max(from, to)];
  }

  zoomOut(): void {
    this.#zoom = null;
  }
}

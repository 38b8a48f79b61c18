import type { ChartView } from '../../components/chart/chart-view.svelte.ts';
import type { PlotAxis } from '../../components/chart/plot.ts';

/** How curves are looked at, kept for every run. */
export type CurveSettings = Pick<ChartView, 'axis' | 'logX' | 'logY' | 'smoothing' | 'withoutExtremes'>;

const axes: readonly PlotAxis[] = ['step', 'epoch', 'wall', 'process'];

export function readCurveSettings(view: CurveSettings): CurveSettings {
  const { axis, logX, logY, smoothing, withoutExtremes } = view;
  return { axis, logX, logY, smoothing, withoutExtremes };
}

/** Whether a kept setting is one of ours, as another version may have written it. */
export function isCurveSettings(value: unknown): value is CurveSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { axis, logX, logY, smoothing, withoutExtremes } = value as Partial<
    Record<keyof CurveSettings, unknown>
  >;
  return (
    axes.includes(axis as PlotAxis) &&
    typeof logX === 'boolean' &&
    typeof logY === 'boolean' &&
    typeof withoutExtremes === 'boolean' &&
    typeof smoothing === 'number' &&
    smoothing >= 0 &&
    smoothing < 1
  );
}

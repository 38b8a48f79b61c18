import { spectrogramKindSchema } from '../../src-preload/contract/commands/recordings.ts';
import type { FrequencyScale } from '../components/spectrogram-picture.ts';
import { type ColourMap, colourMaps } from './colour-maps.ts';
import type { Settings } from './settings.svelte.ts';

/** Windows that are offered: short ones show pulses, long ones harmonics. */
export const windowsSec = [0.005, 0.01, 0.025, 0.05] as const;
/** Lowest levels that are offered; the highest is always full scale, so that pictures compare. */
export const floorsDb = [-120, -100, -80, -60] as const;

/** What a picture of a recording may show. */
export const spectrogramKinds = spectrogramKindSchema.options;
export type SpectrogramKind = (typeof spectrogramKinds)[number];

/** How spectrograms are drawn, the same on every screen and after every start. */
export class SpectrogramView {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get scale(): FrequencyScale {
    return this.#settings.get('spectrogram.scale', oneOf(['linear', 'mel'] as const), 'linear');
  }

  set scale(scale: FrequencyScale) {
    void this.#settings.set('spectrogram.scale', scale);
  }

  get colours(): ColourMap {
    return this.#settings.get('spectrogram.colours', oneOf(colourMaps), 'magma');
  }

  set colours(colours: ColourMap) {
    void this.#settings.set('spectrogram.colours', colours);
  }

  get windowSec(): number {
    return this.#settings.get('spectrogram.windowSec', oneOf(windowsSec), 0.025);
  }

  set windowSec(windowSec: number) {
    void this.#settings.set('spectrogram.windowSec', windowSec);
  }

  get minDb(): number {
    return this.#settings.get('spectrogram.minDb', oneOf(floorsDb), -100);
  }

  set minDb(minDb: number) {
    void this.#settings.set('spectrogram.minDb', minDb);
  }

  /** Level, or what the level leaves out. */
  get show(): SpectrogramKind {
    return this.#settings.get('spectrogram.show', oneOf(spectrogramKinds), 'level');
  }

  set show(show: SpectrogramKind) {
    void this.#settings.set('spectrogram.show', show);
  }

  /** What the host needs to know of it. */
  readonly asked = $derived.by(() => ({
    windowSec: this.windowSec,
    minDb: this.minDb,
    maxDb: 0,
    show: this.show,
  }));
}

function oneOf<Value extends string | number>(values: readonly Value[]): (value: unknown) => value is Value {
  return (value): value is Value => values.includes(value as Value);
}

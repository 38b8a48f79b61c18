import { settingsGet, settingsSet } from '../../src-preload/contract/commands/host.ts';
import { settingChanged } from '../../src-preload/contract/events/host.ts';
import type { Host } from '../host.svelte.ts';

export type Theme = 'system' | 'light' | 'dark';

/** The theme is needed before the host has answered, or the first frame would flash. */
const themeCopy = 'resynth.theme';

/** Preferences of the window, kept by the host so that every window and every start has them. */
export class Settings {
  readonly #host: Host;
  #values = $state.raw<Readonly<Record<string, unknown>>>({});
  #loaded = $state(false);
  readonly #dark = window.matchMedia('(prefers-color-scheme: dark)');
  #systemDark = $state(this.#dark.matches);

  constructor(host: Host) {
    this.#host = host;
    const copy = localStorage.getItem(themeCopy);
    if (copy !== null) this.#values = { theme: copy };
    this.#showTheme();
    this.#dark.addEventListener('change', (event) => (this.#systemDark = event.matches));
    host.on(settingChanged, ({ key, value }) => this.#take({ ...this.#values, [key]: value }));
    host.keepLoaded(async () => {
      const { settings } = await host.call(settingsGet, {});
      this.#take(settings);
      this.#loaded = true;
    });
  }

  /** Whether the host has told them: before that, defaults are shown and nothing is kept. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /**
   * What was kept under a key, if it is what `accept` takes; else the default. Whoever reads says what is right, as
   * another version of the window may have written it.
   */
  get<Value>(key: string, accept: (value: unknown) => value is Value, fallback: Value): Value {
    const value = this.#values[key];
    return accept(value) ? value : fallback;
  }

  /** Keeps a preference: here at once, at the host as soon as it answers. @throws ResynthError what the host says. */
  async set(key: string, value: unknown): Promise<void> {
    this.#take({ ...this.#values, [key]: value });
    await this.#host.call(settingsSet, { key, value });
  }

  get theme(): Theme {
    return this.get('theme', isTheme, 'system');
  }

  /** The theme that is on screen. */
  get effectiveTheme(): 'light' | 'dark' {
    if (this.theme !== 'system') return this.theme;
    return this.#systemDark ? 'dark' : 'light';
  }

  #take(values: Readonly<Record<string, unknown>>): void {
    this.#values = values;
    this.#showTheme();
  }

  #showTheme(): void {
    const { theme } = this;
    localStorage.setItem(themeCopy, theme);
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }
}

function isTheme(value: unknown): value is Theme {
  return value === 'system' || value === 'light' || value === 'dark';
}

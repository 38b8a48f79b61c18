import type { HostInfo } from '../../src-preload/contract/commands/host.ts';
import type { ResynthError } from '../../src-preload/contract/errors/error.ts';

export type Notice = HostInfo['notices'][number];

/** What the user has to know about this data folder and this machine, until it is dismissed or no longer so. */
export class Notices {
  readonly #changed: () => void;
  readonly #notices = new Map<string, Notice>();
  readonly #dismissed = new Set<string>();

  /** `changed` is called after each change that can be seen. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** In the order in which they came up. */
  list(): Notice[] {
    return [...this.#notices.values()].map((notice) => ({ ...notice }));
  }

  /** Shows a notice; one with the same id is replaced. One that was dismissed stays away until it has been cleared. */
  show(notice: Notice): void {
    if (this.#dismissed.has(notice.id)) return;
    if (JSON.stringify(this.#notices.get(notice.id)) === JSON.stringify(notice)) return;
    this.#notices.set(notice.id, { ...notice });
    this.#changed();
  }

  /** The same, of an error that did not stop anything. */
  showError(id: string, error: ResynthError, level: Notice['level'] = 'warning'): void {
    this.show({ id, level, message: error.message, remedy: error.remedy });
  }

  /** It is no longer so; when it comes up again, it is shown again. */
  clear(id: string): void {
    this.#dismissed.delete(id);
    if (this.#notices.delete(id)) this.#changed();
  }

  /** The user has read it. One that is not there is no error: another window was faster. */
  dismiss(id: string): void {
    this.#dismissed.add(id);
    if (this.#notices.delete(id)) this.#changed();
  }
}

import type { App, Dialog } from 'electron';

/** What becomes of the runs when the window closes. */
export type QuitChoice = 'go-on' | 'stop' | 'stay';

const choices: readonly { choice: QuitChoice; label: string }[] = [
  { choice: 'go-on', label: 'Let them train' },
  { choice: 'stop', label: 'Stop and save' },
  { choice: 'stay', label: 'Cancel' },
];

/** Asks what becomes of `runs` that train; without any, nothing is asked. */
export async function askBeforeQuit(
  dialog: Pick<Dialog, 'showMessageBox'>,
  runs: number,
): Promise<QuitChoice> {
  if (runs === 0) return 'go-on';
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Resynth',
    message: runs === 1 ? 'A run is training.' : `${runs} runs are training.`,
    detail:
      'It can go on without the window: the next start shows how far it is. Or it stops now, saves, and can be resumed to the same bits.',
    buttons: choices.map(({ label }) => label),
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return choices[response]?.choice ?? 'stay';
}

interface QuittingOptions {
  app: Pick<App, 'on' | 'quit'>;
  platform: NodeJS.Platform;
  ask(): Promise<QuitChoice>;
  /** Ends the host. */
  close(stopTraining: boolean): Promise<void>;
  failed(thrown: unknown): void;
}

/** The order of the end: the question while the window is still there, then the host, then Electron. */
export class Quitting {
  readonly #options: QuittingOptions;
  #state: 'open' | 'asking' | 'done' = 'open';

  constructor(options: QuittingOptions) {
    this.#options = options;
    options.app.on('before-quit', (event) => {
      if (this.#state === 'done') return;
      event.preventDefault();
      if (this.#state === 'asking') return;
      this.#state = 'asking';
      this.#quit().catch(options.failed);
    });
    options.app.on('window-all-closed', () => {
      if (options.platform !== 'darwin') options.app.quit();
    });
  }

  /** Closing the last window means quitting, except on macOS; it stays open for the question. */
  windowCloses(event: { preventDefault(): void }): void {
    if (this.#state === 'done' || this.#options.platform === 'darwin') return;
    event.preventDefault();
    this.#options.app.quit();
  }

  async #quit(): Promise<void> {
    const choice = await this.#options.ask();
    if (choice === 'stay') {
      this.#state = 'open';
      return;
    }
    await this.#options.close(choice === 'stop');
    this.#state = 'done';
    this.#options.app.quit();
  }
}

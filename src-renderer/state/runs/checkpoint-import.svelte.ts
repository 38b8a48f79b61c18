import { importUpload } from '../../../src-preload/contract/commands/import-checkpoint.ts';
import type { ImportedCheckpoint } from '../../../src-preload/contract/commands/import-checkpoint.ts';
import type { App } from '../app.svelte.ts';
import { Act } from '../act.svelte.ts';
import { discardUpload, type UploadedFile, uploadFile } from '../upload.ts';

/** Which part of an import a file is, by its name; null for neither. */
export function partOf(fileName: string): 'checkpoint' | 'config' | null {
  if (/\.(pt|pth|ckpt)$/i.test(fileName)) return 'checkpoint';
  return /\.ini$/i.test(fileName) ? 'config' : null;
}

/** A checkpoint of another program on its way to be a run: its two files, what it is to be called, how far it is. */
export class CheckpointImport {
  readonly #app: Pick<App, 'host'>;
  readonly #act = new Act();
  #open = $state(false);
  #share = $state<number | null>(null);
  #stop: AbortController | null = null;
  checkpoint = $state.raw<File | null>(null);
  config = $state.raw<File | null>(null);
  name = $state('');
  /** Id of a dataset; '' for none. */
  dataset = $state('');

  constructor(app: Pick<App, 'host'>) {
    this.#app = app;
  }

  get open(): boolean {
    return this.#open;
  }

  get busy(): boolean {
    return this.#act.busy;
  }

  /** How much of both files is at the host, 0 to 1; null while they are checked there, or nothing is on its way. */
  get share(): number | null {
    return this.#share;
  }

  get error(): unknown {
    return this.#act.error;
  }

  /** Opens with what was chosen before, and with those of `files` that are parts of an import. False where none is. */
  begin(files: readonly File[]): boolean {
    const parts = files.filter((file) => partOf(file.name) !== null);
    if (files.length > 0 && parts.length === 0) return false;
    for (const file of parts) this.take(file);
    this.#open = true;
    return true;
  }

  /** One of the two, by its name; another that was chosen as the same part gives way. */
  take(file: File, part = partOf(file.name)): void {
    if (part === null || this.busy) return;
    this[part] = file;
    this.#act.clear();
  }

  /** Takes what is on its way back, and forgets the files. */
  close(): void {
    this.#stop?.abort();
    this.#open = false;
    this.#act.clear();
    Object.assign(this, { checkpoint: null, config: null, name: '', dataset: '' });
  }

  /** Gives both files to the host and has it make a run of them; undefined where it was refused: see `error`. */
  run(): Promise<ImportedCheckpoint | undefined> {
    return this.#act.run(async () => {
      const { checkpoint, config } = this;
      if (!checkpoint || !config) return undefined;
      const { host } = this.#app;
      const stop = new AbortController();
      this.#stop = stop;
      const uploads: UploadedFile[] = [];
      const whole = checkpoint.size + config.size;
      let before = 0;
      try {
        for (const file of [checkpoint, config]) {
          const told = (share: number): void => {
            this.#share = whole === 0 ? 1 : (before + share * file.size) / whole;
          };
          uploads.push(await uploadFile(host, file, file.name, { signal: stop.signal, told }));
          before += file.size;
        }
        this.#share = null;
        const [file, ini] = uploads.map(({ upload }) => upload) as [string, string];
        const name = this.name.trim();
        const more = { ...(name && { name }), ...(this.dataset && { dataset: this.dataset }) };
        return await host.call(importUpload, { file, config: ini, ...more }, { signal: stop.signal });
      } finally {
        this.#share = null;
        for (const upload of uploads) discardUpload(host, upload);
      }
    });
  }
}

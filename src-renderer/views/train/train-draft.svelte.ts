import type { z } from 'zod';
import { runsFork, train } from '../../../src-preload/contract/commands/runs.ts';
import { type FormField, trainForm } from '../../../src-preload/contract/commands/train-form.ts';
import type { Host } from '../../host.svelte.ts';
import { isCancelled } from '../../state/shown-error.ts';
import { type ShownRun, chosenSettings } from '../runs/train-input.ts';

export type ShownForm = z.output<typeof trainForm.output>;

/** A checkpoint of a run that training begins from. */
export interface ForkSource {
  run: ShownRun;
  /** best, last, or a step. */
  checkpoint: string;
}

/** Settings that the form shows apart from its sections. */
export const apartSettings = ['training.epochs', 'training.seed'] as const;

const typingMs = 180;

/**
 * What is going to be trained, while it is being put together: a dataset, a preset, and the settings that were changed.
 * The form (titles, ranges, what follows from what, what is refused) is the host's answer to them.
 */
export class TrainDraft {
  readonly #host: Pick<Host, 'call'>;
  #dataset = $state('');
  #preset = $state('');
  /** Settings that the draft began with: those of the run that is forked. */
  #base = $state.raw<Readonly<Record<string, string>>>({});
  #changes = $state.raw<Readonly<Record<string, string>>>({});
  #fork = $state.raw<ForkSource | null>(null);
  /** Epochs after the checkpoint, of a fork; empty for what the first run has left. */
  forkEpochs = $state('');
  name = $state('');
  #form = $state.raw<ShownForm | null>(null);
  #error = $state.raw<unknown>(null);
  #asking = $state(false);
  #asked: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host;
  }

  get dataset(): string {
    return this.#dataset;
  }

  set dataset(dataset: string) {
    this.#dataset = dataset;
  }

  get preset(): string {
    return this.#preset;
  }

  get fork(): ForkSource | null {
    return this.#fork;
  }

  /** The host's answer; of the settings before while a new one is on its way. */
  get form(): ShownForm | null {
    return this.#form;
  }

  /** Why there is no answer. */
  get error(): unknown {
    return this.#error;
  }

  /** Whether the form does not yet answer what was typed last. */
  get asking(): boolean {
    return this.#asking;
  }

  /** Everything that differs from the preset, as `--set` takes it. */
  get set(): Readonly<Record<string, string>> {
    return this.#all;
  }

  readonly #all = $derived({ ...this.#base, ...this.#changes });

  readonly #problems = $derived(
    new Map((this.#form?.problems ?? []).map((problem) => [problem.setting, problem])),
  );

  /** Why a setting is refused, in a sentence; null where it is not. */
  problem(setting: string): string | null {
    const problem = this.#problems.get(setting) ?? this.#problems.get(setting.replace(/^\w+\./, ''));
    if (!problem) return null;
    const { message, remedy } = problem;
    return `${/[.!?]$/.test(message) ? message : `${message}.`} ${remedy}`.trim();
  }

  get problemCount(): number {
    return this.#problems.size;
  }

  /** Problems of settings that the form has no field for. */
  get strayProblems(): ShownForm['problems'] {
    const known = new Set(
      (this.#form?.fields ?? []).flatMap(({ setting }) => [setting, setting.replace(/^\w+\./, '')]),
    );
    return (this.#form?.problems ?? []).filter(({ setting }) => !known.has(setting));
  }

  /** What the field of a setting shows: what was typed, else what follows. */
  value(field: FormField): string {
    return this.#all[field.setting] ?? field.value;
  }

  isChanged(setting: string): boolean {
    return Object.hasOwn(this.#changes, setting);
  }

  /** What a field goes back to: the preset's value, or that of the run which is forked. */
  resetValue(field: FormField): string {
    return this.#base[field.setting] ?? field.preset;
  }

  get changedCount(): number {
    return Object.keys(this.#changes).length;
  }

  /** Takes another preset; settings that were changed for the one before are of no use to it. */
  choosePreset(preset: string): void {
    if (preset === this.#preset) return;
    this.#preset = preset;
    this.#base = {};
    this.#changes = {};
    this.#fork = null;
    this.#ask(0);
  }

  change(field: FormField, text: string): void {
    const { [field.setting]: _before, ...others } = this.#changes;
    const same = text.trim() === this.resetValue(field);
    this.#changes = same ? others : { ...others, [field.setting]: text };
    this.#ask(typingMs);
  }

  reset(setting: string): void {
    const { [setting]: _before, ...others } = this.#changes;
    this.#changes = others;
    this.#ask(0);
  }

  resetAll(): void {
    this.#changes = {};
    this.#ask(0);
  }

  /** Begins with what another run was trained with. */
  duplicate(run: ShownRun): void {
    this.#preset = run.config.preset;
    this.#dataset = run.source.id;
    this.#base = {};
    this.#changes = { ...chosenSettings(run), ...apartChanges(run) };
    this.#fork = null;
    this.name = '';
    this.#ask(0);
  }

  /** Begins at a checkpoint of another run. */
  forkFrom(source: ForkSource): void {
    this.#preset = source.run.config.preset;
    this.#dataset = source.run.source.id;
    this.#base = { ...chosenSettings(source.run), ...apartChanges(source.run) };
    this.#changes = {};
    this.#fork = source;
    this.forkEpochs = '';
    this.name = '';
    this.#ask(0);
  }

  /** Why it cannot be trained yet; null where it can. */
  get hindrance(): string | null {
    if (this.#dataset === '') return 'Choose a dataset.';
    if (this.#preset === '') return 'Choose a preset.';
    if (this.#error) return 'The settings could not be checked.';
    if (this.#form === null) return 'Reading the settings.';
    if (this.#problems.size > 0) return 'Some settings are refused: see the fields marked red.';
    if (this.#fork && this.forkEpochs.trim() !== '' && !/^[1-9]\d{0,5}$/.test(this.forkEpochs.trim())) {
      return 'The epochs to train are a whole number, 1 or more.';
    }
    return null;
  }

  /** What `train` takes for this draft. */
  trainInput(): z.input<typeof train.input> {
    const { 'training.epochs': epochs, 'training.seed': seed, ...set } = this.#all;
    return {
      dataset: this.#dataset,
      preset: this.#preset,
      set,
      ...(epochs === undefined ? {} : { epochs: Number(epochs) }),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(this.name.trim() === '' ? {} : { name: this.name.trim() }),
    };
  }

  /** What `runs fork` takes for this draft: only what is to be another than in the run it begins from. */
  forkInput(source: ForkSource): z.input<typeof runsFork.input> {
    const { 'training.epochs': _epochs, 'training.seed': seed, ...set } = this.#changes;
    const step = Number(source.checkpoint);
    return {
      run: source.run.run,
      checkpoint: source.checkpoint === 'best' || source.checkpoint === 'last' ? source.checkpoint : step,
      set,
      ...(this.forkEpochs.trim() === '' ? {} : { epochs: Number(this.forkEpochs) }),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(this.name.trim() === '' ? {} : { name: this.name.trim() }),
    };
  }

  /** Asks for the form again. */
  retry(): void {
    this.#ask(0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  #ask(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#asking = true;
    this.#timer = setTimeout(() => void this.#askNow(), afterMs);
  }

  async #askNow(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const form = await this.#host.call(
        trainForm,
        { preset: this.#preset, set: this.#all },
        { signal: asked.signal },
      );
      if (asked.signal.aborted) return;
      this.#form = form;
      this.#error = null;
    } catch (error) {
      if (isCancelled(error) || asked.signal.aborted) return;
      this.#error = error;
      if (this.#form?.preset !== this.#preset) this.#form = null;
    }
    this.#asking = false;
  }
}

function apartChanges(run: ShownRun): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const { setting, chosen } of run.differences) {
    if ((apartSettings as readonly string[]).includes(setting)) changes[setting] = String(chosen);
  }
  return changes;
}

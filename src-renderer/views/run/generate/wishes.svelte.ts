import type { z } from 'zod';
import type { Command, ProgressEvent } from '../../../../src-preload/contract/command.ts';
import {
  type Generated,
  generateClassMeans,
  generateComponents,
  generateContinue,
  generateFreeRunning,
  generateInterpolate,
  generatePrior,
  type Recipe,
} from '../../../../src-preload/contract/commands/generate.ts';
import type { LatentAbilities } from '../../../../src-preload/contract/commands/latent.ts';
import type { RecordingRow } from '../../../../src-preload/contract/commands/recordings.ts';
import type { App } from '../../../state/app.svelte.ts';

export type Kind = Recipe['made']['kind'];

/** What each kind of clips is made by. */
export const generators = {
  prior: generatePrior,
  'class-means': generateClassMeans,
  components: generateComponents,
  interpolate: generateInterpolate,
  continue: generateContinue,
  'free-running': generateFreeRunning,
} as const satisfies Record<Kind, Command>;

/** Ways to generate, in the order in which they are offered: the first that a model can is the one that is chosen. */
export const kinds: readonly { value: Kind; title: string }[] = [
  { value: 'class-means', title: 'Class means' },
  { value: 'components', title: 'Components' },
  { value: 'prior', title: 'Prior' },
  { value: 'interpolate', title: 'Between two clips' },
  { value: 'continue', title: 'Continue a recording' },
  { value: 'free-running', title: 'Free-running' },
];

/** Why a model cannot do a kind; null where it can. */
export function lackOf(kind: Kind, abilities: LatentAbilities): string | null {
  const { prior, classMeans, components, interpolate, freeRunning } = abilities;
  const lacks: Record<Kind, string | null> = {
    prior,
    'class-means': classMeans,
    components,
    interpolate,
    continue: abilities.continue,
    'free-running': freeRunning,
  };
  return lacks[kind];
}

/** A recording of any dataset that a model is to be given. */
export interface GivenRecording {
  dataset: { id: string; name: string };
  row: RecordingRow;
}

/** A command of the form as it can be typed, and how it is sent. */
export interface Wish {
  command: Command;
  input: Record<string, unknown>;
  send(
    host: App['host'],
    options: { signal: AbortSignal; progress: (event: ProgressEvent) => void },
  ): Promise<Generated>;
}

function wish<Asked extends (typeof generators)[Kind]>(command: Asked, input: z.input<Asked['input']>): Wish {
  return {
    command,
    input,
    send: (host, options) => host.call(command as Command, input, options) as Promise<Generated>,
  };
}

const without = { run: true, out: true } as const;

/** What the form has, of every kind. */
export class GenerateWishes {
  kind = $state<Kind>('class-means');
  prior = $state(generatePrior.input.omit(without).parse({}));
  classMeans = $state(generateClassMeans.input.omit(without).parse({}));
  components = $state(generateComponents.input.omit(without).parse({}));
  between = $state(generateInterpolate.input.omit({ ...without, from: true, to: true }).parse({}));
  continued = $state(
    generateContinue.input.omit({ ...without, recording: true, dataset: true }).parse({ from: 0 }),
  );
  freeRunning = $state(
    generateFreeRunning.input.omit({ ...without, recording: true, dataset: true }).parse({}),
  );
  /** The two ends of an interpolation; null until they are chosen. */
  from = $state.raw<RecordingRow | null>(null);
  to = $state.raw<RecordingRow | null>(null);
  /** What is continued, or reconstructed twice. */
  given = $state.raw<GivenRecording | null>(null);

  /** Takes a recording to be given, half of it to go on from. */
  give(given: GivenRecording): void {
    this.given = given;
    this.continued.from = Math.round(50 * given.row.durationSec) / 100;
  }

  /** Checkpoint and seed are every kind's. */
  get shared(): { checkpoint: 'best' | 'last' | number; seed: number } {
    return {
      prior: this.prior,
      'class-means': this.classMeans,
      components: this.components,
      interpolate: this.between,
      continue: this.continued,
      'free-running': this.freeRunning,
    }[this.kind];
  }

  /** What is still to be chosen; null where nothing is. */
  get missing(): string | null {
    if (this.kind === 'interpolate') {
      const { from, to } = this;
      return !from || !to || from.id === to.id ? 'Choose two different recordings first' : null;
    }
    const needsOne = this.kind === 'continue' || this.kind === 'free-running';
    return needsOne && !this.given ? 'Choose a recording first' : null;
  }

  /** The command of the form with a run, as it can be typed; null while something is still to be chosen. */
  of(run: string, ownDataset: string): Wish | null {
    const { given } = this;
    if (this.missing !== null) return null;
    const recording = given && {
      recording: given.row.id,
      ...(given.dataset.name === ownDataset ? {} : { dataset: given.dataset.name }),
    };
    switch (this.kind) {
      case 'prior':
        return wish(generatePrior, { ...this.prior, run });
      case 'class-means':
        return wish(generateClassMeans, { ...this.classMeans, run });
      case 'components':
        return wish(generateComponents, { ...this.components, run });
      case 'interpolate': {
        const { from, to } = this;
        return from && to && wish(generateInterpolate, { ...this.between, run, from: from.id, to: to.id });
      }
      case 'continue':
        return recording && wish(generateContinue, { ...this.continued, run, ...recording });
      case 'free-running':
        return recording && wish(generateFreeRunning, { ...this.freeRunning, run, ...recording });
    }
  }
}

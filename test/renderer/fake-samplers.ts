import type { z } from 'zod';
import {
  generateContinue,
  generateFreeRunning,
  generatePrior,
  generatedClip,
  generatedDelete,
  generatedList,
  type GeneratedClip,
  type GeneratedSet,
  type Recipe,
} from '../../src-preload/contract/commands/generate.ts';
import { type LatentAbilities, latentAbilities } from '../../src-preload/contract/commands/latent.ts';
import {
  type JudgedClip,
  type SamplerFigures,
  samplersCompare,
  type SamplerSource,
  samplersOffered,
} from '../../src-preload/contract/commands/samplers.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { generatedChanged } from '../../src-preload/contract/events/latent.ts';
import type { FakeHost } from './fake-host.ts';
import type { FakeRuns } from './fake-runs.ts';
import { fakePicture, fakeSamples, fakeSound } from './fake-sound.ts';

const sampleRateHz = 8000;
const clipSec = 0.8;
const offered = [
  { preset: 'code-prior', title: 'Code prior', summary: 'A transformer over the codes.' },
  { preset: 'realnvp', title: 'RealNVP', summary: 'A flow over the codes.' },
];

/** What a model can do, as its child process says. */
type Ability = 'prior' | 'sequences' | 'nothing';

/**
 * What runs draw: models of nobody, whose clips are made-up sound and whose classifier hears each clip as its number's last
 * digit. The recipe decides what a set is, as it does for the host.
 */
export class FakeSamplers {
  readonly sets = new Map<string, GeneratedSet>();
  /** Of a run by its name; a prior where nothing is said. */
  readonly abilities = new Map<string, Ability>();
  /** Why the code prior cannot be trained, by the run's name. */
  readonly hindrances = new Map<string, string>();
  readonly #host: FakeHost;
  readonly #runs: FakeRuns;

  constructor(host: FakeHost, runs: FakeRuns) {
    this.#host = host;
    this.#runs = runs;
    host.on(latentAbilities, ({ run }) => this.#abilitiesOf(run));
    host.on(generatedList, ({ run }) => {
      const sets = [...this.sets.values()].filter((one) => one.run === run).reverse();
      return { run, sets, bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0), damaged: [] };
    });
    host.on(generatedDelete, ({ run, set }) => {
      const { bytes = 0 } = this.sets.get(set) ?? {};
      this.sets.delete(set);
      host.hub.publish(generatedChanged, { run });
      return { run, set, bytes };
    });
    host.on(generatedClip, ({ run, set, clip, sound }) => {
      const samples = fakeSamples(clip, sampleRateHz, clipSec);
      return {
        ...{ run, set, clip, picture: fakePicture(samples, sampleRateHz) },
        sound: sound ? fakeSound(samples, sampleRateHz) : null,
      };
    });
    host.on(generatePrior, (input) => {
      const { out: _out, ...settings } = input;
      return this.#make(
        { kind: 'prior', settings },
        Array.from({ length: input.n }, (_, at) => ({ title: `Draw ${at + 1}` })),
      );
    });
    const given = { dataset: null, contentHash: 'c0ffee', startSec: null, endSec: null };
    host.on(generateContinue, (input) => {
      const { out: _out, ...settings } = input;
      return this.#make({ kind: 'continue', settings, given }, [
        { title: 'The recording', frames: 100 },
        ...Array.from({ length: input.n }, (_, at) => ({
          ...{ title: `Continuation ${at + 1}`, frames: 100, givenSec: input.from },
        })),
      ]);
    });
    host.on(generateFreeRunning, (input) => {
      const { out: _out, ...settings } = input;
      return this.#make({ kind: 'free-running', settings, given }, [
        { title: 'The recording', frames: 100 },
        { title: 'Teacher-forced', frames: 100, lsdDb: 4.25 },
        { title: 'Free-running', frames: 100, lsdDb: 9.5 },
      ]);
    });
    host.on(samplersOffered, ({ run }) => {
      const { name } = this.#runs.get(run).summary;
      return {
        samplers: offered.map((one) => {
          const hindrance = one.preset === 'code-prior' ? (this.hindrances.get(name) ?? null) : null;
          return { ...one, hindrance, remedy: hindrance === null ? null : 'Take another run.' };
        }),
      };
    });
    this.answerComparison();
  }

  /** Compares what runs draw, as it does from the start. */
  answerComparison(): void {
    this.#host.on(samplersCompare, ({ runs: ids, n }, { progress }) => {
      progress({ stage: 'Training the classifier', done: 3, total: 12 });
      return {
        dataset: { id: 'fsdd', name: 'fsdd' },
        classifier: {
          ...{ labels: ['0', '1', '2', '3'], trainedOn: 2400, trainAccuracy: 1, testedOn: 300 },
          ...{ testSplit: 'test' as const, testAccuracy: 0.94, epochs: 12, seed: 0, cached: false },
        },
        sources: [
          sourceOf({ kind: 'real', name: 'Real recordings (test)' }, 5, { accuracy: 0.94 }),
          ...ids.map((id) => {
            const { run, name, preset, step } = this.#runs.get(id).summary;
            return sourceOf({ kind: 'run', name, run, preset, step, set: `set-of-${run}` }, n, {
              confidence: 0.7,
              confidenceOfReal: 0.7 / 0.9,
            });
          }),
          sourceOf({ kind: 'noise', name: 'White noise' }, 0, { labels: 1, labelEntropyBits: 0 }),
        ],
        file: null,
      };
    });
  }

  #abilitiesOf(run: string): LatentAbilities {
    const { name, step } = this.#runs.get(run).summary;
    const ability = this.abilities.get(name) ?? 'prior';
    const lack = 'A model of this kind cannot do that.';
    const sequences = ability === 'sequences' ? null : lack;
    return {
      model: modelOf(run, name, step),
      latentDim: 16,
      encode: null,
      prior: ability === 'nothing' ? lack : null,
      classMeans: lack,
      interpolate: lack,
      components: lack,
      componentCount: null,
      labels: [],
      continue: sequences,
      freeRunning: sequences,
      sequences: ability === 'sequences' ? { standardSec: 2.4, hearsItself: true } : null,
    };
  }

  #make(
    made: Recipe['made'],
    clips: readonly Partial<GeneratedClip>[],
  ): { set: GeneratedSet; known: boolean; copiedTo: null } {
    const { run: which } = made.settings;
    const { summary } = this.#runs.get(which);
    const id = JSON.stringify(made);
    const known = this.sets.get(id);
    if (known) return { set: known, known: true, copiedTo: null };
    const set: GeneratedSet = {
      ...{ id, run: summary.run, createdMs: Date.now(), sampleRateHz, durationSec: clipSec, bytes: 24_000 },
      recipe: {
        schema: 1,
        identity: { run: summary.run, step: summary.step, weights: 'ab12', splitHash: 'cd34' },
        dataset: { id: 'fsdd', name: 'fsdd' },
        made,
      },
      model: modelOf(summary.run, summary.name, summary.step),
      folder: '/home/ada/generated',
      clips: clips.map((clip, index) => ({
        ...{ index, title: '', group: null, position: null, meanOf: null, givenSec: null, lsdDb: null },
        ...{ minDb: -80, maxDb: 0, attenuatedDb: 0, audio: `${index}.wav`, spectrogram: `${index}.png` },
        ...{ sha256: 'ef56', ...clip },
      })),
      notes: [],
    };
    this.sets.set(id, set);
    this.#host.hub.publish(generatedChanged, { run: summary.run });
    return { set, known: false, copiedTo: null };
  }
}

/** A classifier that cannot be had: what the host says of a dataset without labels. */
export const noLabels = new ResynthError('samplers/no-labels', { dataset: 'fsdd', split: 'train' });

function modelOf(run: string, name: string, step: number): LatentAbilities['model'] {
  return {
    ...{ run, name, step, epoch: 3, preset: 'code-prior' },
    ...{ backend: 'tensorflow', device: 'cpu', mode: 'compiled', notes: [] },
  };
}

function sourceOf(
  of: Pick<SamplerSource, 'kind' | 'name'> & Partial<SamplerSource>,
  count: number,
  figures: Partial<SamplerFigures>,
): z.input<typeof samplersCompare.output>['sources'][number] {
  return {
    ...{ run: null, preset: null, step: null, set: null },
    ...of,
    figures: {
      ...{ count, accuracy: null, confidence: 0.9, confidenceOfReal: 1, labelEntropyBits: 1.9, labels: 4 },
      ...{ diversity: 8.4, nearestDistance: 3.2 },
      ...figures,
    },
    clips: Array.from({ length: count }, (_, at): JudgedClip => ({
      name: of.kind === 'real' ? `recordings/${at}.wav` : String(at),
      label: String(at % 4),
      meant: of.kind === 'real' ? String(at % 3) : null,
      confidence: 0.5,
      nearest: { recording: `${at % 4}_jackson_0.wav`, label: String(at % 4), distance: 2.5 },
    })),
  };
}

import type { z } from 'zod';
import { modelsCommand } from '../../src-preload/contract/commands/models.ts';
import {
  type FormField,
  trainEstimate,
  trainForm,
  trainPreview,
} from '../../src-preload/contract/commands/train-form.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import compact from '../../resources/presets/fsdd-vae-compact-8k.json' with { type: 'json' };
import prior from '../../resources/presets/code-prior.json' with { type: 'json' };
import paper from '../../resources/presets/fsdd-vae.json' with { type: 'json' };
import type { FakeHost } from './fake-host.ts';
import { fakePicture, fakeSamples, fakeSound } from './fake-sound.ts';

type Preset = typeof compact;

const presets = [compact, paper] as unknown as readonly Preset[];
/** Of runs on another run's codes: nothing that the form of a new run begins with. */
const onRuns = [prior] as unknown as readonly Preset[];
const seldom = ['batchNormMomentum', 'batchNormEpsilon', 'paddingSide', 'decoder', 'warmupSteps', 'topDb'];
const units: Record<string, string> = {
  sampleRateHz: 'Hz',
  durationSec: 's',
  hopLength: 'samples',
  topDb: 'dB',
};

function text(value: unknown): string {
  if (Array.isArray(value))
    return value.map((one) => (Array.isArray(one) ? one.join('x') : String(one))).join(',');
  return String(value);
}

export function fakeFields(preset: Preset, set: Record<string, string>): FormField[] {
  return (['model', 'training', 'features'] as const).flatMap((section) =>
    Object.entries({ ...preset[section], ...(section === 'training' ? { seed: 0 } : {}) }).map(
      ([key, value]): FormField => {
        const setting = `${section}.${key}`;
        const kind = Array.isArray(value)
          ? 'numbers'
          : typeof value === 'boolean'
            ? 'boolean'
            : Number.isInteger(value)
              ? 'integer'
              : typeof value === 'number'
                ? 'number'
                : 'choice';
        return {
          setting,
          section,
          title: key
            .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
            .replace(/^./, (letter) => letter.toUpperCase()),
          help: `What ${key} does, in a sentence that is about as long as they are.`,
          unit: units[key] ?? null,
          kind,
          choices: kind === 'choice' ? [text(value), 'another'] : [],
          minimum: null,
          maximum: null,
          allowed:
            kind === 'numbers'
              ? 'a list of 1 to 12, each 1 to 4096'
              : kind === 'integer'
                ? '1 to 4096'
                : 'above 0',
          optional: false,
          preset: text(value),
          value: set[setting] ?? text(value),
          derived: false,
          deviation: preset.deviations.find((one) => one.setting === setting) ?? null,
          advanced: seldom.includes(key),
        };
      },
    ),
  );
}

export function presetById(id: string): Preset {
  const preset = [...presets, ...onRuns].find((one) => one.id === id);
  if (!preset)
    throw new ResynthError('models/preset-unknown', {
      preset: id,
      known: presets.map((one) => one.id).join(', '),
    });
  return preset;
}

function listing(preset: Preset): z.input<typeof modelsCommand.output>['models'][number] {
  const total = preset.id === 'fsdd-vae' ? 4_212_545 : 617_000;
  return {
    preset: preset.id,
    title: preset.title,
    family: preset.family,
    kind: 'clip',
    summary: preset.summary,
    paper: preset.paper,
    deviations: preset.deviations,
    inputShape: [256, 64, 1],
    samples: null,
    parameters: { trainable: total - 500, nonTrainable: 500, total, layers: [] },
    bitrate: {
      codeNumbers: 128,
      bitsPerCodeNumber: 32,
      sideNumbers: 2,
      bitsPerSideNumber: 32,
      bitsPerClip: 4160,
      seconds: 0.744,
      secondsMeaning: 'padded',
      bitsPerSecond: 5591,
      kilobitsPerSecond: 5.59,
    },
    model: preset.model,
    training: preset.training,
    features: preset.features,
    settings: [],
  };
}

/** Answers what the screen for training asks, from the real presets and made-up sound. */
export function answerTraining(host: FakeHost): void {
  host.on(modelsCommand, () => ({ models: presets.map(listing) }));
  host.on(trainForm, ({ preset: id, set }) => {
    const preset = presetById(id);
    const problems = Object.entries(set)
      .filter(
        ([setting, value]) =>
          !/Kind|kind|decoder|schedule|reconstruction$|paddingSide|batchNorm$/.test(setting) &&
          !/^[\d.,x-]+$/.test(value),
      )
      .map(([setting, value]) => ({
        setting,
        message: `${setting} cannot be "${value}": it must be a number.`,
        remedy: 'Give a value such as 128.',
      }));
    const latent = Number(set['model.latentDim'] ?? preset.model.latentDim) || preset.model.latentDim;
    return {
      preset: preset.id,
      title: preset.title,
      family: preset.family,
      summary: preset.summary,
      paper: preset.paper,
      fields: fakeFields(preset, set),
      problems,
      parameters: { trainable: 480_000 + 1070 * latent, nonTrainable: 512, total: 480_512 + 1070 * latent },
      inputShape: [256, 64, 1],
      kilobitsPerSecond: (latent * 32) / 744,
      memoryBytes: 412e6,
    };
  });
  host.on(trainEstimate, async ({ preset: id }, { signal, progress }) => {
    for (const stage of ['Compiling the model', 'Measuring 3 steps']) {
      progress({ stage });
      await new Promise((resolve) => setTimeout(resolve, 700));
      if (signal.aborted) throw new ResynthError('internal/cancelled');
    }
    return {
      device: 'cpu',
      deviceName: 'AMD Ryzen 7 7840U',
      mode: 'compiled',
      parameters: presetById(id).model.latentDim * 1000,
      clips: 2400,
      stepsPerEpoch: 38,
      compileSec: 2.1,
      stepMs: 1042,
      stepMsRange: [980, 1160] as [number, number],
      epochSec: 41,
      epochs: 60,
      totalSec: 2460,
      peakMemoryBytes: 1.1e9,
      notes: [],
    };
  });
  host.on(trainPreview, ({ recording = '3_theo_12.wav' }) => {
    const at = Number(/_(\d+)\.wav$/.exec(recording)?.[1] ?? 12);
    const samples = fakeSamples(at, 8000, 0.74);
    const blurred = samples.map((value, index) => 0.6 * value + 0.4 * (samples[index - 3] ?? 0));
    return {
      recording,
      previous: at > 5 ? `3_theo_${at - 1}.wav` : null,
      next: `3_theo_${at + 1}.wav`,
      cutSec: 0,
      paddedSec: 0.31,
      original: { sound: fakeSound(samples, 8000), picture: fakePicture(samples, 8000) },
      ceiling: {
        sound: fakeSound(blurred, 8000),
        picture: fakePicture(blurred, 8000),
        method: 'Griffin-Lim',
      },
      notes: [],
    };
  });
}

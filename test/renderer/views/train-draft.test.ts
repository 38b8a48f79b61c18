// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FormField, trainForm } from '../../../src-preload/contract/commands/train-form.ts';
import { TrainDraft } from '../../../src-renderer/views/train/train-draft.svelte.ts';
import type { ShownRun } from '../../../src-renderer/views/runs/train-input.ts';
import { FakeLine } from '../fake-line.ts';

function field(setting: string, preset: string, value = preset): FormField {
  const [section = 'model'] = setting.split('.');
  return {
    setting,
    section: section as FormField['section'],
    title: setting,
    help: null,
    unit: null,
    kind: 'integer',
    choices: [],
    minimum: null,
    maximum: null,
    allowed: '',
    optional: false,
    preset,
    value,
    derived: false,
    deviation: null,
    advanced: false,
  };
}

const latent = field('model.latentDim', '128');
const epochs = field('training.epochs', '60');

function form(problems: { setting: string; message: string; remedy: string }[] = []) {
  return {
    preset: 'p',
    title: '',
    family: '',
    summary: '',
    paper: null,
    fields: [latent, epochs],
    problems,
    parameters: { trainable: 1, nonTrainable: 0, total: 1 },
    inputShape: [1],
    kilobitsPerSecond: null,
    memoryBytes: 1,
  };
}

const source = {
  run: 'r1',
  name: 'first',
  config: { preset: 'p', training: {} },
  source: { id: 'd1', name: 'fsdd' },
  differences: [
    { setting: 'model.latentDim', preset: 128, chosen: 64, derived: false },
    { setting: 'training.epochs', preset: 60, chosen: 5, derived: false },
  ],
} as unknown as ShownRun;

async function begin() {
  const line = new FakeLine();
  const draft = new TrainDraft(line);
  draft.dataset = 'd1';
  draft.choosePreset('p');
  await vi.advanceTimersByTimeAsync(0);
  await line.answer(trainForm, form());
  return { line, draft };
}

describe('what is going to be trained', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks for the form of what was typed once typing pauses', async () => {
    const { line, draft } = await begin();
    draft.change(latent, '6');
    draft.change(latent, '64');
    expect(draft.value(latent)).toBe('64');
    expect(draft.asking).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(line.open(trainForm)).toBe(1);
    expect(await line.answer(trainForm, form())).toEqual({ preset: 'p', set: { 'model.latentDim': '64' } });
    expect(draft.asking).toBe(false);
    expect(draft.trainInput()).toEqual({ dataset: 'd1', preset: 'p', set: { 'model.latentDim': '64' } });
  });

  it('takes no account of an answer to what was typed before', async () => {
    const { line, draft } = await begin();
    draft.change(latent, '1');
    await vi.advanceTimersByTimeAsync(200);
    draft.change(latent, '12');
    await vi.advanceTimersByTimeAsync(200);
    // The first was taken back; its answer comes all the same.
    await line.answer(trainForm, form([{ setting: 'model.latentDim', message: 'old', remedy: '' }]));
    expect(draft.problemCount).toBe(0);
    await line.answer(trainForm, form());
    expect(draft.hindrance).toBeNull();
  });

  it('is as the preset again when the value of the preset is typed, or reset', async () => {
    const { draft } = await begin();
    draft.change(latent, '64');
    expect(draft.isChanged('model.latentDim')).toBe(true);
    draft.change(latent, ' 128 ');
    expect(draft.isChanged('model.latentDim')).toBe(false);
    draft.change(latent, '64');
    draft.reset('model.latentDim');
    expect(draft.changedCount).toBe(0);
    expect(draft.value(latent)).toBe('128');
  });

  it('shows a problem at its field and cannot be started', async () => {
    const { line, draft } = await begin();
    draft.change(latent, 'many');
    await vi.advanceTimersByTimeAsync(200);
    await line.answer(
      trainForm,
      form([{ setting: 'model.latentDim', message: 'No number.', remedy: 'Give one.' }]),
    );
    expect(draft.problem('model.latentDim')).toBe('No number. Give one.');
    expect(draft.problem('training.epochs')).toBeNull();
    expect(draft.hindrance).toMatch(/refused/);
    expect(draft.value(latent)).toBe('many');
  });

  it('says what is missing', async () => {
    const draft = new TrainDraft(new FakeLine());
    expect(draft.hindrance).toMatch(/dataset/);
    draft.dataset = 'd1';
    expect(draft.hindrance).toMatch(/preset/);
  });

  it('gives epochs and seed as such, also a seed of zero', async () => {
    const { draft } = await begin();
    draft.change(epochs, '5');
    draft.change(field('training.seed', '1'), '0');
    draft.name = '  small ';
    expect(draft.trainInput()).toEqual({
      dataset: 'd1',
      preset: 'p',
      set: {},
      epochs: 5,
      seed: 0,
      name: 'small',
    });
  });

  it('forgets changes with another preset', async () => {
    const { draft } = await begin();
    draft.change(latent, '64');
    draft.choosePreset('q');
    expect(draft.changedCount).toBe(0);
    expect(draft.set).toEqual({});
  });

  it('duplicates a run with its settings as changes', () => {
    const draft = new TrainDraft(new FakeLine());
    draft.duplicate(source);
    expect(draft.trainInput()).toEqual({
      dataset: 'd1',
      preset: 'p',
      set: { 'model.latentDim': '64' },
      epochs: 5,
    });
    expect(draft.changedCount).toBe(2);
  });

  it('forks a run with its settings as the ground, and tells only what is another', () => {
    const draft = new TrainDraft(new FakeLine());
    draft.forkFrom({ run: source, checkpoint: '120' });
    expect(draft.value(latent)).toBe('64');
    expect(draft.forkInput({ run: source, checkpoint: '120' })).toEqual({
      run: 'r1',
      checkpoint: 120,
      set: {},
    });
    draft.change(latent, '128');
    draft.forkEpochs = '3';
    expect(draft.forkInput({ run: source, checkpoint: 'best' })).toEqual({
      run: 'r1',
      checkpoint: 'best',
      set: { 'model.latentDim': '128' },
      epochs: 3,
    });
    draft.change(latent, '64');
    expect(draft.changedCount).toBe(0);
  });

  it('refuses epochs of a fork that are no number', async () => {
    const line = new FakeLine();
    const draft = new TrainDraft(line);
    draft.forkFrom({ run: source, checkpoint: 'last' });
    await vi.advanceTimersByTimeAsync(0);
    await line.answer(trainForm, form());
    draft.forkEpochs = 'some';
    expect(draft.hindrance).toMatch(/whole number/);
    draft.forkEpochs = '';
    expect(draft.hindrance).toBeNull();
  });

  it('says why the form cannot be had, and forgets that of another preset', async () => {
    const { line, draft } = await begin();
    draft.choosePreset('gone');
    await vi.advanceTimersByTimeAsync(0);
    await line.refuse(trainForm, new Error('no such preset'));
    expect(draft.form).toBeNull();
    expect(draft.error).toBeInstanceOf(Error);
    expect(draft.hindrance).not.toBeNull();
  });
});

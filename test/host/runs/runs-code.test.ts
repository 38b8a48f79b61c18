import { clipSeconds } from '../../../src-main/dsp/pipeline.ts';
import { describe, expect, it } from 'vitest';
import { runsBitrate, runsLatents } from '../../../src-preload/contract/commands/runs-code.ts';
import { handleRunsBitrate, handleRunsLatents } from '../../../src-main/host/runs/runs-code.ts';
import { createRun } from '../../../src-main/host/runs/runs.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { writeClipIndex } from '../../../src-main/trainer/clips/files.ts';
import { appendLatents, type LatentsRow } from '../../../src-main/trainer/latents-log.ts';
import { MetricsWriter } from '../../../src-main/trainer/metrics-log.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { listeningHost } from '../listening/listening-services.ts';

async function bench({ preset = 'fsdd-vae-compact', overrides = {} } = {}) {
  const host = listeningHost(await temporaryFolder());
  const config = resolveConfig({ preset, overrides });
  const { folder, record } = await createRun(host.home, {
    config,
    dataset: { id: 'd', name: 'tones', folder: host.folder, splitHash: 'h' },
    name: 'r',
    nameFrom: 'r',
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });
  const latents = async (input: object = {}) =>
    runsLatents.output.parse(
      await handleRunsLatents(runsLatents.input.parse({ run: record.id, ...input }), host.context),
    );
  const bitrate = async () =>
    runsBitrate.output.parse(await handleRunsBitrate({ run: record.id }, host.context));
  const logged = (split: 'train' | 'validation', values: Record<string, number>): void => {
    const writer = new MetricsWriter(runFiles(folder).metrics);
    writer.append({ segment: 0, step: 4, epoch: 1, wallMs: 1, processMs: 1, split, values });
    writer.close();
  };
  type Validated = Pick<LatentsRow, 'step' | 'klPerDimension'> & Partial<LatentsRow>;
  const validated = (...rows: Validated[]): void => {
    for (const row of rows) {
      const code = row.klPerDimension.map((_, dimension) => dimension);
      appendLatents(runFiles(folder).latents, {
        epoch: 1,
        componentShares: null,
        ...row,
        code: { mean: code, deviation: code, low: code, high: code },
      });
    }
  };
  return { folder, config, latents, bitrate, logged, validated };
}

describe('runs latents', () => {
  it('gives a row a validation, its dimensions side by side', async () => {
    const { latents, validated } = await bench();
    validated({ step: 10, klPerDimension: [0.5, 0.009] }, { step: 20, klPerDimension: [0.25, 0.75] });
    const output = await latents();
    expect(output).toMatchObject({ dimensions: 2, activeAboveNats: 0.01, missing: null, collapse: null });
    expect([...output.steps]).toEqual([10, 20]);
    expect([...output.activeUnits]).toEqual([1, 2]);
    expect([...output.klNats].map((nats) => Number(nats.toFixed(4)))).toEqual([0.5, 0.009, 0.25, 0.75]);
    expect([...output.high]).toEqual([0, 1, 0, 1]);
    expect([...(await latents({ sinceStep: 11 })).steps]).toEqual([20]);
  });

  it('says of a run without them why: not begun, no validation yet, a family that does not tell, an old run', async () => {
    const begun = await bench();
    expect((await begun.latents()).missing).toMatch(/Nothing has been measured/);
    begun.logged('train', { total: 1 });
    expect((await begun.latents()).missing).toMatch(/The first validation brings them; each epoch/);
    begun.logged('validation', { total: 1 });
    expect((await begun.latents()).missing).toMatch(/family conv-vae do not tell/);
    const old = await bench();
    old.logged('validation', { total: 1, activeUnits: 3 });
    expect(await old.latents()).toMatchObject({
      dimensions: null,
      missing: expect.stringMatching(/trained by a version/),
    });
  });

  it('raises the alarm of a collapsed and of a mostly unused code, with what to try', async () => {
    const dead = Array.from({ length: 20 }, () => 0.001);
    const collapsed = await bench();
    collapsed.validated({ step: 100, klPerDimension: dead }, { step: 300, klPerDimension: dead });
    expect((await collapsed.latents()).collapse).toMatchObject({
      severity: 'collapsed',
      activeUnits: 0,
      sinceStep: 100,
      meaning: expect.stringMatching(/no latent dimension carried more than 0.01 nats/),
    });
    const one = [2, ...dead.slice(1)];
    const unused = await bench({ overrides: { freeBits: '0.5', betaWarmupEpochs: '3' } });
    unused.validated({ step: 100, klPerDimension: one }, { step: 300, klPerDimension: one });
    const { collapse } = await unused.latents({ sinceStep: 300 });
    expect(collapse).toMatchObject({ severity: 'mostly-unused', activeUnits: 1, dimensions: 20 });
    expect(collapse?.remedies.join()).toMatch(/now 3 epochs.*now 0.5/);
  });

  it('raises none where the KL costs nothing', async () => {
    const { latents, validated } = await bench({ overrides: { beta: '0' } });
    validated({ step: 100, klPerDimension: [0] }, { step: 300, klPerDimension: [0] });
    expect((await latents()).collapse).toBeNull();
  });
});

describe('runs bitrate', () => {
  it('prices the code at each width, clip and all, beside the claim of the paper', async () => {
    const { bitrate, config } = await bench({ preset: 'fsdd-vae-pond' });
    const output = await bitrate();
    expect(output.codeNumbers).toBe(128);
    expect(output.rates.map(({ bitsPerNumber }) => bitsPerNumber)).toEqual([32, 16, 8, 6, 4]);
    const durationSec = clipSeconds(config.features);
    for (const rate of output.rates) {
      expect(rate.bitsPerClip).toBe(128 * rate.bitsPerNumber + 64);
      expect(rate.bitsPerSecond).toBeCloseTo(rate.bitsPerClip / durationSec, 9);
      expect(rate.kilobitsPerSecond).toBeCloseTo(rate.bitsPerSecond / 1000, 12);
      expect(rate.timesSmaller).toBeCloseTo((16 * output.sampleRateHz) / rate.bitsPerSecond, 9);
      expect(rate.spokenBitsPerSecond).toBeNull();
    }
    expect(output.claim).toMatchObject({ document: '001', statedKilobitsPerSecond: 0.91 });
    expect(output.information).toBeNull();
  });

  it('prices speech without its padding where clips are known, and what the KL says', async () => {
    const { bitrate, folder, config, validated } = await bench();
    const clip = { contentHash: null, speaker: null, label: null, durationSec: 1, minDb: -60, maxDb: 0 };
    writeClipIndex(folder, {
      schema: 1,
      split: 'validation',
      features: config.features,
      shape: [256, 64],
      clips: [
        { ...clip, recording: 'a', spokenSec: 0.2 },
        { ...clip, recording: 'b', spokenSec: 0.4 },
      ],
    });
    validated({ step: 8, klPerDimension: [Math.LN2, Math.LN2 * 3] });
    const output = await bitrate();
    expect(output.spokenSec).toBeCloseTo(0.3, 12);
    expect(output.rates[0]?.spokenBitsPerSecond).toBeCloseTo((output.rates[0]?.bitsPerClip ?? 0) / 0.3, 6);
    expect(output.claim).toBeNull();
    expect(output.information?.bitsPerClip).toBeCloseTo(4, 4);
    expect(output.information?.bitsPerSecond).toBeCloseTo(4 / clipSeconds(config.features), 3);
  });

  it('prices a fragment where a clip is a window of them, whose levels are sent once a recording', async () => {
    const { bitrate, latents, validated } = await bench({ preset: 'asr-fragments' });
    validated({ step: 8, klPerDimension: Array.from({ length: 13 }, () => Math.LN2) });
    const output = await bitrate();
    expect(output).toMatchObject({ codeNumbers: 156, sideNumbers: 0 });
    expect(output.unit).toMatchObject({ name: 'fragment', inClip: 12, seconds: 0.025 });
    expect((await latents()).unit).toEqual(output.unit);
    const [whole] = output.rates;
    expect(whole).toMatchObject({ bitsPerNumber: 32, bitsPerUnit: 13 * 32 });
    expect(whole?.bitsPerSecond).toBeCloseTo((13 * 32) / 0.025, 6);
    expect(output.information?.bitsPerUnit).toBeCloseTo(13, 4);
    expect(output.information?.bitsPerSecond).toBeCloseTo(13 / 0.025, 2);
    expect(output.remarks[0]).toContain('13 numbers of each fragment of 25 ms');
  });

  it('takes the KL of a dynamical model for that of a frame, and of its one vector for that of a sequence', async () => {
    const { bitrate, validated, config } = await bench({ preset: 'dvae-dsae' });
    const { latentDim } = config.model as { latentDim: number };
    const kl = (of: number, count: number) => Array.from({ length: count }, () => of * Math.LN2);
    validated({ step: 8, klPerDimension: [...kl(2, latentDim), ...kl(3, 4)] });
    const { information, unit } = await bitrate();
    expect(unit).toMatchObject({ name: 'frame', inClip: 150, seconds: 0.016 });
    expect(information?.bitsPerClip).toBeCloseTo(150 * 2 * latentDim + 12, 0);
    expect(information?.bitsPerSecond).toBeCloseTo((2 * latentDim + 12 / 150) / 0.016, 0);
  });
});

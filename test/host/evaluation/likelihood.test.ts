import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import { datasetsAdd } from '../../../src-preload/contract/commands/datasets.ts';
import { metricsList } from '../../../src-preload/contract/commands/metrics.ts';
import { tinySettings } from '../../inference/tiny-run.ts';
import { latentHost, tenClips } from '../latent/latent-host.ts';
import { quiet } from '../open-test-host.ts';

const asked = { run: 'Tiny', dataset: 'small', split: 'all' as const };

/** The run's host, with its clips as a dataset. */
async function hostWith(preset: string, overrides: Record<string, string>) {
  const { host, root } = await latentHost(tenClips, { preset, overrides: { ...tinySettings, ...overrides } });
  await host.call(datasetsAdd, { dir: root, name: 'small', layout: 'folder' }, quiet);
  return host;
}

describe('bounds of the likelihood of a run', () => {
  it('are metrics with n and interval where they are asked for, the same in any selection', async () => {
    const host = await hostWith('gm-vae-compact', {});
    const metrics = ['elbo_nats,iwae_nats'];
    const { summary, rows, settings } = await host.call(evaluate, { ...asked, metrics }, quiet);
    expect(settings.metrics).toEqual(['elbo_nats', 'iwae_nats']);
    expect(summary.elbo_nats).toMatchObject({ n: 10, blanks: [] });
    expect(summary.iwae_nats!.interval!.low).toBeLessThanOrEqual(summary.iwae_nats!.mean!);
    for (const { figures } of rows) expect(figures.iwae_nats!).toBeGreaterThanOrEqual(figures.elbo_nats!);
    const fewer = await host.call(evaluate, { ...asked, metrics, limit: 3 }, quiet);
    for (const { recording, figures } of fewer.rows) {
      const same = rows.find((row) => row.recording === recording);
      expect(figures.iwae_nats).toBeCloseTo(same!.figures.iwae_nats!, 1);
    }
    const unasked = await host.call(evaluate, { ...asked, limit: 1 }, quiet);
    expect(unasked.settings.metrics).not.toContain('iwae_nats');
    const listed = (await host.call(metricsList, {}, quiet)).metrics;
    expect(listed.find(({ key }) => key === 'iwae_nats')).toMatchObject({ unit: 'nats', better: 'higher' });
  });

  it('are blank with their reason where the decoder is no distribution, and of baselines', async () => {
    const host = await hostWith('fsdd-vae-compact-8k', { reconstruction: 'rmse' });
    const metrics = ['rmse', 'iwae_nats'];
    const { summary } = await host.call(evaluate, { ...asked, metrics, limit: 4 }, quiet);
    expect(summary.rmse).toMatchObject({ n: 4 });
    const blanks = [{ reason: 'only runs whose decoder is a distribution have a likelihood', rows: 4 }];
    expect(summary.iwae_nats).toMatchObject({ n: 0, mean: null, blanks });
    const { run: _run, ...baseline } = { ...asked, baseline: 'mu-law', metrics, limit: 4 };
    const judged = await host.call(evaluate, baseline, quiet);
    expect(judged.summary.iwae_nats).toMatchObject({ n: 0, blanks });
  });
});

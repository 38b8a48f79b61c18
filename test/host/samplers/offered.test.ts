import { describe, expect, it } from 'vitest';
import { samplersOffered } from '../../../src-preload/contract/commands/samplers.ts';
import { latentHost, tenClips } from '../latent/latent-host.ts';
import { quiet } from '../open-test-host.ts';

describe('the samplers that can be trained on a run', () => {
  it('are those that know what to do with its codes; of others the reason is told', async () => {
    const { host } = await latentHost(tenClips);
    const { samplers } = await host.call(samplersOffered, { run: 'Tiny@7' }, quiet);
    expect(samplers.map(({ preset, hindrance }) => [preset, hindrance])).toEqual([
      ['code-prior', expect.stringMatching(/The code of the run .*continuous/)],
      ['realnvp', null],
    ]);
    expect(samplers[0]?.remedy).toMatch(/realnvp/);
    expect(samplers[1]?.remedy).toBeNull();
  });

  it('are none of a run that has not finished, unless a checkpoint of it is named', async () => {
    const { host } = await latentHost(tenClips);
    const { samplers } = await host.call(samplersOffered, { run: 'Tiny' }, quiet);
    expect(new Set(samplers.map(({ hindrance }) => hindrance))).toEqual(
      new Set(['The run Tiny has not finished: it is interrupted.']),
    );
  });

  it('are refused of a run that is not there', async () => {
    const { host } = await latentHost(tenClips);
    await expect(host.call(samplersOffered, { run: 'gone' }, quiet)).rejects.toMatchObject({
      code: 'runs/not-found',
    });
  });
});

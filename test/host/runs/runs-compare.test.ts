import { expect, it } from 'vitest';
import { handleRunsCompare } from '../../../src-main/host/runs/runs-compare.ts';
import { runsCompare } from '../../../src-preload/contract/commands/runs-compare.ts';
import { differencesOf } from '../../../src-preload/contract/comparison/differences.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { makeRun, tinyConfig } from '../../trainer/kill-helpers.ts';
import { contextOf, openTestHost } from '../open-test-host.ts';

async function bench() {
  const root = await temporaryFolder();
  const { run: small } = await makeRun(root, 'small', tinyConfig({ seed: '1' }));
  await makeRun(root, 'large', tinyConfig({ seed: '2', filters: '8,16' }));
  const host = await openTestHost(root);
  const compare = async (input: object) =>
    runsCompare.output.parse(await handleRunsCompare(runsCompare.input.parse(input), contextOf(host)));
  return { compare, small };
}

it('compares runs by what they were made from', async () => {
  const { compare, small } = await bench();
  const { runs, missing } = await compare({ runs: ['small', 'gone', 'large'] });
  expect(missing).toEqual(['gone']);
  expect(runs.map(({ name }) => name)).toEqual(['small', 'large']);
  expect(runs[0]).toMatchObject({ run: small.record.id, state: 'interrupted', metrics: [] });
  expect(runs[0]?.facts).toMatchObject({ 'data.dataset': 'd', 'data.splitHash': 'h', 'parent.run': null });
  const found = differencesOf(runs.map(({ facts }) => facts));
  expect(found.map(({ key }) => key)).toEqual(['model.filters', 'training.seed']);
});

it('compares steps of one run, and says what cannot be compared', async () => {
  const { compare, small } = await bench();
  const { runs, cautions } = await compare({ runs: ['small@3', 'small', 'large@x'] });
  expect(runs.map(({ run, step }) => [run, step])).toEqual([
    [small.record.id, 3],
    [small.record.id, null],
  ]);
  expect(differencesOf(runs.map(({ facts }) => facts)).map(({ key }) => key)).toEqual(['step']);
  expect(cautions).toEqual([]);
  expect((await compare({ runs: ['gone@3'] })).missing).toEqual(['gone@3']);
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src-main/store/database/client.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { addOver, firstPage, openThread, recording } from './sample.ts';

const folder = path.resolve(import.meta.dirname, '../../../src-main/store/database');

it('killed in the middle of a scan leaves the dataset as it was; the next scan goes on from there', async () => {
  const home = await temporaryFolder();
  const file = path.join(home, 'resynth.db');
  const before = await openDatabase({ database: file });
  await addOver(before, 'one', [recording('a'), recording('b')]);
  const dataset = await before.readDataset('one');
  await before.close();

  const script = path.join(home, 'scan.ts');
  await writeFile(
    script,
    `import { openDatabase } from ${JSON.stringify(path.join(folder, 'client.ts'))};
     const like = ${JSON.stringify(recording('x'))};
     const database = await openDatabase({ database: ${JSON.stringify(file)} });
     const { scan } = await database.beginScan('/data/one', 'one', Date.now());
     for (let batch = 0; ; batch++) {
       await database.stageRecordings(scan, Array.from({ length: 100 }, (_, i) => ({ ...like, id: 'n' + batch + '-' + i })));
       process.send(batch);
     }`,
  );
  const child = fork(script, [], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  while (((await once(child, 'message')) as [number])[0] < 5);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const database = await openThread(file);
  expect(database.notices).toEqual([]);
  expect(await database.readDataset('one')).toEqual(dataset);
  expect((await database.listRecordings('one', firstPage)).rows.map(({ id }) => id)).toEqual(['a', 'b']);
  expect((await database.listRecordings('one', { ...firstPage, search: 'n1' })).total).toBe(0);
  const next = await database.beginScan('/data/one', 'one', Date.now());
  expect(next.measured).toBeGreaterThanOrEqual(600);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { add, folderWith, openServices } from './dataset-services.ts';

const source = (file: string) => JSON.stringify(path.resolve(import.meta.dirname, '../../../src-main', file));

describe('a host that is killed in the middle of indexing', () => {
  it('leaves no dataset, no child, and a database in which the folder can be added', async () => {
    const root = await temporaryFolder();
    const dir = await folderWith(
      ...Array.from({ length: 3000 }, (_, index) => `${index % 3}_al_${index}.wav`),
    );
    const script = path.join(root, 'index.ts');
    await writeFile(
      script,
      `import { AnalystPool } from ${source('analyst/pool.ts')};
       import { addDataset } from ${source('host/datasets/datasets.ts')};
       import { openDatabase } from ${source('store/database/client.ts')};
       import { openHome } from ${source('store/home.ts')};
       const home = openHome(${JSON.stringify(root)});
       const services = { home, database: await openDatabase(home), analysts: new AnalystPool(), hub: { publish() {} } };
       await addDataset(services, { dir: ${JSON.stringify(dir)}, name: 'd', layout: 'auto' }, {
         progress: ({ done = 0 }) => { if (done > 1500) process.kill(process.pid, 'SIGKILL'); },
         signal: new AbortController().signal,
       });`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    const services = await openServices(root);
    expect(await services.database.listDatasets()).toEqual([]);
    expect(await add(services, { dir, name: 'd' })).toMatchObject({ recordings: 3000, skipped: 0 });
  });
});

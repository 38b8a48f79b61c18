import { expect, it } from 'vitest';
import { openHost } from '../../src-main/host/host.ts';
import { openDatabase } from '../../src-main/store/database/client.ts';
import { openHome } from '../../src-main/store/home.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

it('lets go of the database and of the folder when it cannot begin', async () => {
  const home = openHome(await temporaryFolder());
  const hooks = {
    get nodePath(): string {
      throw new Error('no Node to run children with');
    },
  };
  await expect(openHost({ home, kind: 'cli', hooks })).rejects.toThrow('no Node');
  // One that was left open would be locked.
  const database = await openDatabase(home);
  await database.close();
  const again = await openHost({ home, kind: 'cli' });
  await again.close({ stopTraining: false });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type AddressDesk, takeDesk } from '../../src-main/web/address-desk.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function mine(root: string): Promise<AddressDesk> {
  const place = await takeDesk(root);
  if ('address' in place) throw new Error(`taken: ${place.address}`);
  onTestFinished(() => place.desk.close());
  return place.desk;
}

test('the first has the place, those that follow get a new address each', async () => {
  const root = path.join(await temporaryFolder(), 'data');
  let count = 0;
  await (await mine(root)).open(() => `http://127.0.0.1:47100/#secret=${++count}`);
  const answers = await Promise.all([takeDesk(root), takeDesk(root)]);
  expect(answers.map((place) => 'address' in place && place.address).sort()).toEqual([
    'http://127.0.0.1:47100/#secret=1',
    'http://127.0.0.1:47100/#secret=2',
  ]);
});

test('one that is still starting is waited for', async () => {
  const root = await temporaryFolder();
  const desk = await mine(root);
  const asked = takeDesk(root);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await desk.open(() => 'here');
  expect(await asked).toEqual({ address: 'here' });
});

test('the place is free again afterwards, and where its holder has died', async () => {
  const root = await temporaryFolder();
  const desk = await mine(root);
  await desk.open(() => 'here');
  await desk.close();
  writeFileSync(path.join(root, 'web.sock'), 'left by a crash');
  await (await mine(root)).open(() => 'there');
  expect(await takeDesk(root)).toEqual({ address: 'there' });
});

test('a data folder that cannot be written to is refused by name', async () => {
  const root = path.join(await temporaryFolder(), 'data');
  mkdirSync(path.join(root, 'web.lock'), { recursive: true });
  await expect(takeDesk(root)).rejects.toMatchObject({
    code: 'host/home-not-writable',
    params: { folder: root },
  });
});

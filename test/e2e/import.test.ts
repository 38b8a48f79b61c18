import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPyTorch } from '../../src-main/checkpoints/pytorch.ts';
import { decodeSafetensors } from '../../src-main/trainer/safetensors.ts';
import { global, pickle, text, tuple } from '../checkpoints/pickle-writer.ts';
import { smallIni, writeCheckpointFile } from '../checkpoints/small-checkpoint.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

/** Where pictures of the screens go; none are made where it is not set. */
const pictures = process.env.RESYNTH_TEST_PICTURES;

// A checkpoint of another program, dropped on whatever screen is open, becomes a run; its weights leave again as a file.
describe.skipIf(!browserHere)('importing a checkpoint in the window', () => {
  let bench: Bench;
  let page: Page;
  let folder = '';
  let weights = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'resynth-import-'));
    weights = writeCheckpointFile(folder, 'VAE_final_epoch31.pt');
    await writeFile(path.join(folder, 'config.ini'), smallIni);
    await writeFile(path.join(folder, 'other.ini'), smallIni.replace('z_dim = 2', 'z_dim = 3'));
    const call = Buffer.concat([global('os', 'system'), tuple([text('touch /tmp/x')]), Buffer.from('R')]);
    await writeFile(path.join(folder, 'evil.pt'), pickle(call));
    bench = await openBench();
    ({ page } = await bench.open());
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1440, height: 900 });
  }, 120_000);

  afterAll(async () => {
    await bench?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const dialog = () => page.getByRole('dialog', { name: 'Import a checkpoint' });

  /** As if the files came from the desktop. */
  async function drop(...names: string[]): Promise<void> {
    const files = names.map((name) => ({ name, bytes: [...readFileSync(path.join(folder, name))] }));
    await page.evaluate((given) => {
      const dataTransfer = new DataTransfer();
      for (const { name, bytes } of given) dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
      const options = { dataTransfer, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent('dragover', options));
      document.body.dispatchEvent(new DragEvent('drop', options));
    }, files);
  }

  async function picture(name: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.screenshot({ path: path.join(pictures, `${name}-${theme}.png`), animations: 'disabled' });
    }
  }

  test('says which of the two files is missing, and waits for it', async () => {
    await drop('VAE_final_epoch31.pt');
    await dialog().getByText('VAE_final_epoch31.pt').waitFor();
    await dialog()
      .getByText(/The config.ini that the published code keeps/)
      .waitFor();
    expect(await dialog().getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    await picture('import-missing');
  });

  test('refuses a configuration of another model, and a pickle that asks for a call, with the remedy', async () => {
    await drop('other.ini');
    await dialog().getByRole('button', { name: 'Import', exact: true }).click();
    await dialog()
      .getByText(/VAE_final_epoch31.pt is not of the model that other.ini describes/)
      .waitFor();
    await dialog().getByText('Give the config.ini of this very checkpoint.').waitFor();
    await picture('import-refused');
    await drop('evil.pt', 'config.ini');
    await dialog().getByRole('button', { name: 'Import', exact: true }).click();
    await dialog()
      .getByText(/evil.pt .*nothing of it was run/)
      .waitFor();
    await dialog()
      .getByText(/Save the state_dict alone/)
      .waitFor();
  });

  test('makes a run of both, dropped together', async () => {
    await drop('config.ini', 'VAE_final_epoch31.pt');
    await dialog().getByLabel('Name').fill('from the desktop');
    await picture('import-ready');
    await dialog().getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: 'from the desktop' }).waitFor();
    await page.getByText('imported from VAE_final_epoch31.pt').waitFor();
    await page.getByText(/Adam's moments begin at zero/).waitFor();
    await picture('import-run');
  });

  test('gives the weights out again as a file, under their own names', async () => {
    await page.getByRole('tab', { name: 'Checkpoints' }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).first().click();
    const exporting = page.getByRole('dialog');
    await exporting.getByText('Weights', { exact: true }).click();
    await picture('export-weights');
    const coming = page.waitForEvent('download');
    await exporting.getByRole('button', { name: 'Download', exact: true }).click();
    const file = await (await coming).path();
    const { tensors } = decodeSafetensors(readFileSync(file), file);
    const given = await readPyTorch(weights);
    expect([...tensors.keys()]).toEqual([...given.keys()]);
    for (const [name, { data }] of given) expect(tensors.get(name)?.data).toEqual(data);
  });
});

/**
 * Makes the README's pictures: a real host, the sample corpus and a real training, in light and dark.
 *
 *   node test/e2e/screenshots.ts [EPOCHS]
 */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright';
import { askCommandLine } from '../helpers/command-line.ts';
import { openBench } from '../helpers/web-host.ts';

const folder = path.resolve(import.meta.dirname, '../../resources/screenshots');
const size = { width: 1440, height: 900 };
const mostBytes = 250_000;
const epochs = process.argv[2] ?? '60';

const bench = await openBench();
try {
  const tell = <T>(...argv: string[]): Promise<T> => askCommandLine<T>(bench.home, ...argv);
  process.stderr.write('The sample corpus …\n');
  const { folder: corpus } = await tell<{ folder: string }>('corpus', 'make');
  await tell('datasets', 'add', corpus, '--name', 'sample-corpus');
  const recipe = ['--dataset', 'sample-corpus', '--preset', 'fsdd-vae-compact-8k', '--epochs'];
  process.stderr.write(`Two short runs, and one of ${epochs} epochs …\n`);
  await tell('train', ...recipe, '4', '--set', 'latentDim=32', '--name', 'narrow code');
  await tell('train', ...recipe, '4', '--set', 'beta=4', '--name', 'beta 4');
  const { run } = await tell<{ run: string }>('train', ...recipe, epochs, '--name', 'four voices');

  const { page } = await bench.open();
  await page.setViewportSize(size);
  await mkdir(folder, { recursive: true });
  const origin = new URL(page.url()).origin;
  const { datasets } = await tell<{ datasets: { id: string }[] }>('datasets', 'list');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${origin}/#/`);
    await page.getByRole('main').getByText('four voices').waitFor();
    await page.getByText('Looking at the engine').waitFor({ state: 'detached' });
    await take(page, `library-${theme}`);

    await page.goto(`${origin}/#/datasets/${datasets[0]?.id}`);
    await page.getByRole('row').filter({ hasText: '0_awb_13.wav' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await take(page, `dataset-${theme}`);

    await page.goto(`${origin}/#/train`);
    await page.getByText('FSDD VAE, compact, at 8 kHz').click();
    await page.getByText('What the model will see').waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await take(page, `train-${theme}`);

    await page.goto(`${origin}/#/runs/${run}`);
    await page.getByText(/\d+ of \d+ kept/).waitFor();
    await take(page, `run-${theme}`);
  }
} finally {
  await bench.close();
}

async function take(page: Page, name: string): Promise<void> {
  // Out of the way of anything that shows more when pointed at, and after what fades in.
  await page.mouse.move(size.width - 2, size.height / 2);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(1500);
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  const { size: bytes } = await stat(file);
  process.stderr.write(`${name}.png ${Math.round(bytes / 1000)} kB\n`);
  if (bytes > mostBytes) process.exitCode = 1;
}

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { encodeWav } from '../../src-main/audio/write-wav.ts';
import { activeLevelDbfs } from '../../src-main/dsp/loudness.ts';
import { uniformNumbers } from '../../src-main/dsp/random.ts';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

/** Half a second of a buzzing "word" in faint noise, with silence around it. */
function word(pitchHz: number, rate: number, beforeSec: number, afterSec: number): Float32Array {
  const length = Math.round((beforeSec + 0.5 + afterSec) * rate);
  const from = beforeSec * rate;
  return Float32Array.from(uniformNumbers(pitchHz, length), (value, n) => {
    const t = (n - from) / rate;
    const swell = t < 0 || t > 0.5 ? 0 : Math.sin(2 * Math.PI * t) ** 0.5;
    const voice = [1, 2, 3, 4, 6].reduce((sum, k) => sum + Math.sin(2 * Math.PI * k * pitchHz * t) / k, 0);
    return 1e-3 * (value - 0.5) + 0.15 * swell * voice;
  });
}

// A microphone that says the same word again and again, and a run that was really trained, if only for seconds.
describe.skipIf(!browserHere)('one own voice', () => {
  let bench: Bench;
  let page: Page;
  let folder = '';
  let run = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'resynth-voice-'));
    const spoken = path.join(folder, 'microphone.wav');
    await writeFile(spoken, encodeWav([word(150, 48_000, 0.9, 0.9)], 48_000, 'pcm16').bytes);
    bench = await openBench({
      browserArgs: ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${spoken}`],
    });
    const corpus = path.join(folder, 'corpus');
    mkdirSync(corpus);
    for (let n = 0; n < 120; n++) {
      const { bytes } = encodeWav([word(100 + 20 * (n % 10), 8000, 0.02, 0.1)], 8000, 'pcm16');
      writeFileSync(path.join(corpus, `${n % 10}_made_${Math.floor(n / 10)}.wav`), bytes);
    }
    await askCommandLine(bench.home, 'datasets', 'add', corpus, '--name', 'made');
    const settings = ['filters=4,4,8,8,8', 'latentDim=8', 'batchSize=8', 'batchNormMomentum=0.9'];
    const trained = await askCommandLine<{ run: string }>(
      bench.home,
      ...['train', '--dataset', 'made', '--preset', 'fsdd-vae-compact-8k', '--epochs', '2', '--name', 'tiny'],
      ...settings.flatMap((setting) => ['--set', setting]),
    );
    ({ run } = trained);
    const context = await bench.browser.newContext({ permissions: ['microphone'] });
    ({ page } = await bench.open({ context }));
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
  }, 300_000);

  afterAll(async () => {
    await bench?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const go = (place: string) => page.goto(`${new URL(page.url()).origin}/#/${place}`);
  const main = () => page.getByRole('main');
  /** Recordings that the host holds and nobody has kept. */
  const uploads = (): string[] => {
    const at = path.join(bench.home, 'media', 'uploads');
    return existsSync(at) ? readdirSync(at) : [];
  };

  async function takeFile(name: string, bytes: Uint8Array): Promise<void> {
    await page
      .getByLabel('Recording to try')
      .setInputFiles({ name, mimeType: 'audio/wav', buffer: Buffer.from(bytes) });
  }

  async function reconstructed(): Promise<void> {
    await page.getByText('Log-spectral distance').waitFor();
    for (const kind of ['original', 'ceiling', 'reconstruction']) {
      await page.getByRole('img', { name: `Spectrogram of the ${kind}` }).waitFor();
    }
  }

  test('a run is tried on a file: seen, heard, switched, and what was lost as well', async () => {
    await go(`runs/${run}?tab=try`);
    await page.getByText('The model is loaded').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const { bytes } = encodeWav([word(130, 44_100, 0.05, 0.05)], 44_100, 'pcm16');
    await takeFile('my voice.wav', bytes);
    await reconstructed();
    await main().getByText('my voice.wav', { exact: true }).waitFor();
    await page.getByText(/Resampled from 44.1 kHz to 8 kHz/).waitFor();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.keyboard.press('3');
    await page.getByText(/^Reconstruction .*(samples|in step|too unlike)/).waitFor();
    await page.keyboard.press('r');
    await page.getByText(/dB against Original/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 120_000);

  test('what is dropped on the page is taken; what is no audio is refused by its name', async () => {
    const text = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['no audio, only words, and some more of them'], 'letter.txt'));
      return transfer;
    });
    await page.dispatchEvent('body', 'drop', { dataTransfer: text });
    await page
      .getByRole('alert')
      .getByText(/letter\.txt is not audio/)
      .waitFor();
    expect(uploads()).toHaveLength(1);
  });

  test('what is longer than a clip is given in pieces, or its beginning', async () => {
    const { bytes } = encodeWav([word(130, 8000, 0.5, 1.5)], 8000, 'pcm16');
    await takeFile('long.wav', bytes);
    await page.getByText(/it was given \d pieces that overlap/).waitFor();
    await page.getByText('One clip', { exact: true }).click();
    await page.getByText('Modelled from 0.00 s to 0.74 s of 2.50 s').waitFor();
    // The file before it was thrown away when this one came.
    await expect.poll(uploads).toHaveLength(1);
  });

  test('the voice is recorded as it is, and nothing stays that is not kept', async () => {
    await page.getByRole('button', { name: 'Turn the microphone on' }).click();
    await page.getByText(/gain control, noise suppression and echo cancellation are off/).waitFor();
    const meter = page.getByRole('meter', { name: 'Level of the microphone' });
    await expect.poll(async () => Number(await meter.getAttribute('aria-valuenow'))).toBeGreaterThan(-40);
    await page.keyboard.press('m');
    await page.getByText(/[12]\.\d s of at most/).waitFor();
    await page.keyboard.press('m');
    await main()
      .getByText(/recording .*\.wav/)
      .first()
      .waitFor();
    await reconstructed();
    await page.getByRole('button', { name: 'Keep …' }).click();
    const kept = path.join(folder, 'kept');
    await page.getByRole('dialog').getByRole('combobox', { name: 'Folder' }).fill(kept);
    await page.getByRole('dialog').getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByText(`Kept in ${kept}`).waitFor();
    const names = readdirSync(kept);
    expect(names).toContain('results.json');
    const recording = names.find((name) => /^recording [\d.]+\.wav$/.test(name));
    const { channels, durationSec } = decodeAudio(path.join(kept, recording ?? ''));
    expect(durationSec).toBeGreaterThan(1);
    expect(activeLevelDbfs(channels, 48_000)).toBeGreaterThan(-30);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect.poll(uploads).toEqual([]);
  }, 120_000);

  test('prompts are recorded by keys, trimmed, levelled and named, and go on where they were left', async () => {
    const out = path.join(folder, 'takes');
    await go('record');
    await page.getByLabel('Prompts').fill('three, seven');
    await page.getByLabel('Speaker').fill('ana');
    await page.getByLabel('Takes of each prompt').fill('1');
    await page.getByLabel('Folder for the recordings').fill(out);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Begin' }).click();
    await say('three');
    await page.keyboard.press('r');
    await say('three');
    await page.keyboard.press('Enter');
    await page.getByText('1 of 2 takes').waitFor();
    expect(readdirSync(out)).toEqual(['3_ana_0.wav']);
    const { channels, durationSec, sampleRateHz } = decodeAudio(path.join(out, '3_ana_0.wav'));
    expect(activeLevelDbfs(channels, sampleRateHz)).toBeCloseTo(-20, 0);
    expect(durationSec).toBeGreaterThan(0.45);
    expect(durationSec).toBeLessThan(0.75);

    // The window is closed in the middle of it: the setup is kept, and the folder knows what is missing.
    await page.reload();
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('1 of 2 takes').waitFor();
    await say('seven');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('All 2 takes are recorded').waitFor();
    await page.getByRole('button', { name: 'Add to the library' }).click();
    await page.getByRole('link', { name: 'Open takes' }).waitFor();
    const shown = await askCommandLine<{ recordings: number; labels: string[]; speakers: string[] }>(
      bench.home,
      ...['datasets', 'show', 'takes'],
    );
    expect(shown).toMatchObject({ recordings: 2, labels: ['3', '7'], speakers: ['ana'] });
  }, 120_000);

  test('a take begins by itself when somebody speaks', async () => {
    const out = path.join(folder, 'by-itself');
    await page.getByRole('button', { name: 'Change the setup' }).click();
    await page.getByText('When somebody speaks').click();
    await page.getByLabel('Keep takes without asking').check();
    await page.getByLabel('Folder for the recordings').fill(out);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('All 2 takes are recorded').waitFor();
    expect(readdirSync(out)).toEqual(['3_ana_0.wav', '7_ana_0.wav']);
    for (const name of readdirSync(out)) {
      const { durationSec } = decodeAudio(path.join(out, name));
      expect(durationSec).toBeGreaterThan(0.45);
      expect(durationSec).toBeLessThan(0.75);
    }
  }, 120_000);

  test('a microphone that may not be used is explained, and tried again', async () => {
    const { page: other } = await bench.open({ context: await bench.browser.newContext() });
    await other.goto(`${new URL(other.url()).origin}/#/record`);
    await other.getByRole('button', { name: 'Turn the microphone on' }).click();
    await other
      .getByRole('alert')
      .getByText(/does not let this page use the microphone/)
      .waitFor();
    await other
      .getByRole('alert')
      .getByText(/address bar/)
      .waitFor();
    await other.context().grantPermissions(['microphone']);
    await other.getByRole('button', { name: 'Try again' }).click();
    await other.getByRole('meter').waitFor();
    await other.close();
  });

  test('and the browser complained of nothing', () => {
    expect(complaints).toEqual([]);
  });

  /** One turn of the microphone's word and more, by the space bar. */
  async function say(prompt: string): Promise<void> {
    await page.getByText('Press Space, and say').waitFor();
    await expect.poll(() => page.getByLabel('Prompt', { exact: true }).textContent()).toBe(prompt);
    await page.getByRole('meter').waitFor();
    await page.keyboard.press('Space');
    await page.getByText(/· [3-9]\.\d s/).waitFor();
    await page.keyboard.press('Space');
    await page.getByText('Enter keeps it').waitFor();
  }
});

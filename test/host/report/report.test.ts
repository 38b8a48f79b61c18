import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { chromium } from 'playwright';
import { describe, expect, test } from 'vitest';
import { reportCompare, reportRun, runsClipsExport } from '../../../src-preload/contract/commands/report.ts';
import { runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import { fileNamePart } from '../../../src-preload/contract/file-names.ts';
import { magma } from '../../../src-main/dsp/figure/magma.ts';
import { matchingGainDb, rescaled } from '../../../src-main/host/report/clip-media.ts';
import { handleRunsClipsExport } from '../../../src-main/host/report/clip-set.ts';
import { handleReportCompare, handleReportRun } from '../../../src-main/host/report/commands.ts';
import { decimated } from '../../../src-main/host/report/decimate.ts';
import { palettePng } from '../../../src-main/host/report/palette-png.ts';
import { handleRunsMetrics } from '../../../src-main/host/runs/runs-log.ts';
import { axeViolations } from '../../helpers/axe.ts';
import { chromiumExecutable } from '../../helpers/chromium.ts';
import { hostileName, reportBench } from './report-bench.ts';

describe('a report', () => {
  test('of a run has everything, whatever the run is called', async () => {
    const { root, context } = await reportBench([hostileName]);
    const out = path.join(root, 'deep', 'report.html');
    const told = reportRun.output.parse(
      await handleReportRun(reportRun.input.parse({ run: hostileName, out, step: 5 }), context),
    );
    expect(told).toMatchObject({ file: out, html: null, clips: 2, notes: [] });
    const page = await readFile(out, 'utf8');
    expect(page.length).toBeGreaterThan(50_000);
    // Nothing that a name says becomes a part of the page.
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('tones <b>');
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/https?:\/\/(?!www\.w3\.org\/)/g)).toBeNull();
    for (const words of [
      'step 0, epoch 0',
      'hash of data and split',
      '987,7',
      'Where the preset leaves the paper',
    ]) {
      expect(page.toLowerCase().includes(words.toLowerCase()), words).toBe(true);
    }
    expect(page).toContain('--set model.latentDim=16');
    expect(page.match(/data:audio\/wav/g)).toHaveLength(6);
    expect(page.match(/<img/g)).toHaveLength(6);
    expect((await readdir(path.dirname(out))).length).toBe(1);
  });

  test('says what it leaves out: audio above the limit, recordings that are gone', async () => {
    const { context, corpus, runs } = await reportBench(['first']);
    const small = await handleReportRun(reportRun.input.parse({ run: 'first', maxAudioMb: 0.05 }), context);
    expect(small.clips).toBe(1);
    expect(small.notes).toEqual([expect.stringMatching(/One clip was left out: .* 0\.05 MB/)]);
    expect(new TextDecoder().decode(small.html ?? undefined)).toContain('One clip was left out');
    rmSync(path.join(corpus, 'a.wav'));
    const gone = await handleReportRun(reportRun.input.parse({ run: runs[0] }), context);
    expect(gone.clips).toBe(2);
    expect(gone.notes.join(' ')).toMatch(/Original of a\.wav is missing/);
    const none = await handleReportRun(reportRun.input.parse({ run: 'first', clips: 0 }), context);
    expect(none.clips).toBe(0);
  });

  test('of a comparison tells what differs and plays the same recordings from each', async () => {
    const { root, context } = await reportBench(['one', 'two', hostileName]);
    const out = path.join(root, 'c.html');
    const told = await handleReportCompare(
      reportCompare.input.parse({ runs: ['one', 'two', hostileName], out }),
      context,
    );
    expect(told.fileName).toMatch(/^one-vs-two-vs-[^/\\<>'"& ]+\.html$/);
    const page = await readFile(out, 'utf8');
    expect(page.match(/data:audio\/wav/g)).toHaveLength(2 * 5);
    expect(page).toMatch(/Latent dimensions<[\s\S]{0,300}16[\s\S]{0,200}17[\s\S]{0,200}18/);
    expect(page).not.toContain('<img src=x');
    await expect(
      handleReportCompare(reportCompare.input.parse({ runs: ['one', 'one'] }), context),
    ).rejects.toMatchObject({ code: 'report/same-run', message: expect.stringContaining('"one"') });
    await expect(
      handleReportCompare(reportCompare.input.parse({ runs: ['one', 'gone'] }), context),
    ).rejects.toMatchObject({ code: 'runs/not-found', message: expect.stringContaining('"gone"') });
  });

  test('that cannot be written leaves what was there', async () => {
    const { root, context } = await reportBench(['first']);
    const blocked = path.join(root, 'file');
    writeFileSync(blocked, 'mine');
    const input = reportRun.input.parse({ run: 'first', clips: 1, out: path.join(blocked, 'x.html') });
    await expect(handleReportRun(input, context)).rejects.toMatchObject({ code: 'files/not-writable' });
    expect(await readFile(blocked, 'utf8')).toBe('mine');
  });

  test.skipIf(chromiumExecutable() === null)(
    'opens from disk, with scripts and without, and breaks no rule',
    async () => {
      const { root, context } = await reportBench([hostileName, 'two']);
      const file = path.join(root, 'c.html');
      await handleReportCompare(
        reportCompare.input.parse({ runs: [hostileName, 'two'], out: file }),
        context,
      );
      const browser = await chromium.launch({
        executablePath: chromiumExecutable() ?? '',
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      });
      try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        const asked: string[] = [];
        const complaints: string[] = [];
        page.on('request', (request) => asked.push(request.url().slice(0, 40)));
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        await page.goto(pathToFileURL(file).href);
        expect(asked.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
        expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await axeViolations(page)).toEqual([]);
        }
        const shown = await page
          .locator('img')
          .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth));
        expect(shown).toEqual(shown.map(() => 64));
        await page
          .getByRole('button', { name: /^B: two/ })
          .first()
          .click();
        await page.locator('article.playing').first().waitFor();
        await page.keyboard.press('1');
        expect(
          await page
            .getByRole('button', { name: /^Original/ })
            .first()
            .getAttribute('aria-pressed'),
        ).toBe('true');
        expect(complaints).toEqual([]);

        const still = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
        await still.goto(pathToFileURL(file).href);
        expect(await still.locator('audio[controls]').first().isVisible()).toBe(true);
        expect(await still.getByText('Same loudness as the original').isVisible()).toBe(false);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});

describe('clips as files', () => {
  test('have names that say run, step and clip, and a table that says the rest', async () => {
    const { root, context } = await reportBench([hostileName]);
    const out = path.join(root, 'set');
    const input = runsClipsExport.input.parse({ run: hostileName, out, steps: [0, 8], clips: [1] });
    const told = runsClipsExport.output.parse(await handleRunsClipsExport(input, context));
    const files = await readdir(out);
    expect(files.toSorted()).toEqual(told.files.toSorted());
    expect(files).toHaveLength(2 * 4 + 1);
    const name = fileNamePart(hostileName);
    expect(files).toContain(`${name}_step0000008_clip01-tone-s_reconstruction.wav`);
    expect(files).toContain(`${name}_clip01-tone-s_original.png`);
    const table = await readFile(path.join(out, 'clips.csv'), 'utf8');
    expect(table.trim().split('\r\n')).toHaveLength(5);
    expect(table).toContain('b <i>.wav');
    await expect(handleRunsClipsExport(input, context)).rejects.toMatchObject({ code: 'runs/export-exists' });
  });

  test('are all there or none', async () => {
    const { root, context } = await reportBench(['first']);
    const out = path.join(root, 'set');
    const ask = (more: object) =>
      handleRunsClipsExport(runsClipsExport.input.parse({ run: 'first', out, ...more }), context);
    await expect(ask({ steps: [0, 7] })).rejects.toMatchObject({ code: 'runs/clip-step-missing' });
    await expect(ask({ clips: [2] })).rejects.toMatchObject({ code: 'runs/clip-unknown' });
    expect(await readdir(root)).not.toContain('set');
    mkdirSync(out);
    expect((await ask({})).files).toHaveLength(13);
  });
});

test('curves are a table of their own', async () => {
  const { root, context } = await reportBench(['first']);
  const ask = async (more: object) =>
    runsMetrics.output.parse(
      await handleRunsMetrics(runsMetrics.input.parse({ run: 'first', ...more }), context),
    );
  const { text = '', series } = await ask({ csv: true });
  const lines = text.trim().split('\r\n');
  expect(lines[0]).toBe('split,step,epoch,wallMs,processMs,kl,total');
  expect(lines).toHaveLength(3001);
  expect(lines).toContain('train,1235,13,1000000001234,1234,2,987654');
  expect(series).toEqual([]);
  const out = path.join(root, 'c.csv');
  expect((await ask({ out })).file).toBe(out);
  expect(await readFile(out, 'utf8')).toBe(text);
});

describe('the parts of a report', () => {
  test('a picture is what its levels are, the highest frequency at the top', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat(255)),
        async (bins, frames, some) => {
          const levels = Uint8Array.from({ length: bins * frames }, () => some.next().value ?? 0);
          const png = PNG.sync.read(Buffer.from(await palettePng(levels, bins, frames)));
          expect([png.width, png.height]).toEqual([frames, bins]);
          for (let bin = 0; bin < bins; bin++) {
            for (let frame = 0; frame < frames; frame++) {
              const level = levels[bin * frames + frame] as number;
              const at = 4 * ((bins - 1 - bin) * frames + frame);
              expect([...png.data.subarray(at, at + 3)]).toEqual([
                ...magma.subarray(3 * level, 3 * level + 3),
              ]);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
    await expect(palettePng(new Uint8Array(3), 2, 2)).rejects.toThrow(/3 levels/);
  });

  test('a long curve keeps its ends, its spikes and its gaps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true, min: -9, max: 9 }), fc.constant(NaN)), {
          minLength: 1,
          maxLength: 400,
        }),
        (values) => {
          const steps = values.map((_, at) => at);
          const kept = decimated(steps, values, 40);
          const finite = values.filter(Number.isFinite);
          const shown = kept.map(({ value }) => value).filter(Number.isFinite);
          expect([kept[0]?.x, kept.at(-1)?.x]).toEqual([0, values.length - 1]);
          if (finite.length === 0) return;
          expect(Math.max(...shown)).toBe(Math.max(...finite));
          expect(Math.min(...shown)).toBe(Math.min(...finite));
          expect(kept.every(({ x }, at) => at === 0 || x > (kept[at - 1]?.x ?? -1))).toBe(true);
        },
      ),
    );
  });

  test('levels go from one scale to another, and gains never over full scale', () => {
    const levels = Uint8Array.of(0, 128, 255);
    expect([...rescaled(levels, { minDb: -80, maxDb: 0 }, { minDb: -80, maxDb: 0 })]).toEqual([0, 128, 255]);
    expect([...rescaled(levels, { minDb: -80, maxDb: 0 }, { minDb: -80, maxDb: 80 })]).toEqual([0, 64, 128]);
    const tone = Float32Array.from({ length: 8000 }, (_, at) => 0.5 * Math.sin(at));
    expect(
      matchingGainDb(
        tone.map((one) => one / 2),
        tone,
        8000,
      ),
    ).toBeCloseTo(6.02, 2);
    expect(matchingGainDb(new Float32Array(9), tone, 8000)).toBe(0);
    const click = new Float32Array(8000);
    click[3] = 0.5;
    expect(matchingGainDb(click, tone, 8000)).toBeCloseTo(6.02, 2);
  });

  test('names of files hold nothing that a file system or a shell takes for something else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const name = fileNamePart(text);
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}._-]{1,60}$/u);
        expect(name).not.toMatch(/^[.-]/);
      }),
    );
    expect(fileNamePart('größer 3/4')).toBe('größer-3-4');
    expect(fileNamePart('..')).toBe('run');
  });
});

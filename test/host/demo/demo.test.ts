import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { demo } from '../../../src-preload/contract/commands/demo.ts';
import { handleDemo } from '../../../src-main/host/demo/demo.ts';
import { listRuns } from '../../../src-main/host/runs/runs.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { tinySettings, toneWav } from '../../inference/tiny-run.ts';
import { contextOf, openTestHost } from '../open-test-host.ts';

/** Tones named as FSDD names its digits: two speakers, three digits, fifteen variants. */
async function toneCorpus(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const speaker of ['ann', '<bob>']) {
    for (let digit = 0; digit < 3; digit++) {
      for (let index = 0; index < 15; index++) {
        const durationSec = 0.08 + 0.004 * index + 0.01 * digit;
        await writeFile(path.join(folder, `${digit}_${speaker}_${index}.wav`), toneWav(durationSec));
      }
    }
  }
}

const realTrainers = {
  trainerEntry: path.resolve(import.meta.dirname, '../../../src-main/trainer/entry.ts'),
};

describe('demo', () => {
  it('goes from a folder to a page, shows it again at once, and goes on where it was interrupted', async () => {
    const root = await temporaryFolder();
    const data = path.join(root, 'tones & more');
    await toneCorpus(data);
    const homeDir = path.join(root, 'home');
    const input = demo.input.parse({ data, minutes: 0.06, set: tinySettings, clips: 3, samples: 2 });
    const host = await openTestHost(homeDir, realTrainers);
    const stages: string[] = [];
    const context = (signal = new AbortController().signal, onEvent?: (event: ProgressEvent) => void) => ({
      homeDir,
      services: host.services,
      signal,
      progress: (event: ProgressEvent) => {
        stages.push(event.stage);
        onEvent?.(event);
      },
    });

    // Interrupted in the middle of training.
    const controller = new AbortController();
    const interrupted = handleDemo(
      input,
      context(controller.signal, (event) => {
        if (event.stage === 'Training' && (event.done ?? 0) > 0) controller.abort();
      }),
    );
    await expect(interrupted).rejects.toMatchObject({ code: 'internal/cancelled' });
    const [begun] = listRuns(openHome(homeDir)).runs;

    const made = await handleDemo(input, context());
    demo.output.parse(made);
    expect(stages).toContain('Going on with the interrupted demo');
    expect(made).toMatchObject({ reused: false, run: begun?.record.id, clips: 3, samples: 2 });
    // The run that was only timed is gone.
    expect(listRuns(openHome(homeDir)).runs.length).toBe(1);

    const page = await readFile(made.page, 'utf8');
    expect(page).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
    expect(page.match(/data:audio\/wav;base64,/g)?.length).toBe(3 * 3 + 2);
    expect(page).toContain('&lt;bob&gt;');
    expect(page).not.toContain('<bob>');
    const shown = page.replace(/<script>[\s\S]*<\/script>/, '').replaceAll(/base64,[^"]*/g, '');
    expect(shown).not.toMatch(/undefined|NaN|\[object/);
    expect(page).toContain('0.91 kb/s or 5.6 kb/s?');
    const [script] = /\(function playCards[\s\S]*?<\/script>/.exec(page) ?? [];
    expect(script).toBeDefined();
    // What the page's script is given must be the whole of it: it can use nothing from the module it was written in.
    expect(() => new Function(script?.replace('</script>', '') ?? 'throw')).not.toThrow();

    const started = performance.now();
    const again = await handleDemo(input, context());
    expect(again).toEqual({ ...made, reused: true });
    expect(performance.now() - started).toBeLessThan(1000);

    // The page was deleted: it is made anew from the finished run, without training.
    await rm(made.page);
    stages.length = 0;
    const remade = await handleDemo(input, context());
    expect(remade).toMatchObject({ reused: false, run: made.run });
    expect(stages).not.toContain('Training');
  });

  it('refuses a folder that is not there, by name', async () => {
    const root = await temporaryFolder();
    const input = demo.input.parse({ data: path.join(root, 'none') });
    const host = await openTestHost(root);
    await expect(handleDemo(input, contextOf(host))).rejects.toMatchObject({
      code: 'dataset/folder-missing',
    });
  });
});

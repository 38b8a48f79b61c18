import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { InferenceProcess } from '../../src-main/inference/client.ts';
import { readNpy } from '../../src-main/inference/media.ts';
import type { InversionSettings } from '../../src-main/inference/protocol.ts';
import { checkpointFiles } from '../../src-main/trainer/checkpoint.ts';
import { checkpointSteps } from '../../src-main/trainer/checkpoint-store.ts';
import { runFiles } from '../../src-main/trainer/run-record.ts';
import { reconstructOutputSchema } from '../../src-preload/contract/commands/reconstruct.ts';
import { sampleOutputSchema } from '../../src-preload/contract/commands/sample.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { tinyRun, toneWav } from './tiny-run.ts';

const all: InversionSettings = {
  methods: ['griffin-lim', 'original-phase', 'zero-phase'],
  iterations: 4,
  seed: 0,
};

function inference(): InferenceProcess {
  const child = new InferenceProcess();
  onTestFinished(() => child.close());
  return child;
}

describe('reconstructFiles', () => {
  it('writes audio, picture and figures of each file, reports bad ones and does the rest', async () => {
    const root = await temporaryFolder();
    const model = await tinyRun(root);
    const folder = path.join(root, 'out');
    const good = path.join(root, 'tön "1"\n.wav');
    const stereo = path.join(root, 'stereo.WAV');
    const long = path.join(root, 'long.wav');
    const text = path.join(root, 'text.wav');
    const missing = path.join(root, 'missing.wav');
    await writeFile(good, toneWav(0.1));
    await writeFile(stereo, toneWav(0.1, 16_000, 8));
    await writeFile(long, toneWav(0.4));
    await writeFile(text, 'this is not audio');
    const warnings: string[] = [];
    const files = [text, good, missing, stereo, long, good];
    const output = await inference().request(
      'reconstructFiles',
      { model, files, folder, inversion: all, bits: 8 },
      { progress: (event) => void (event.warning === undefined ? 0 : warnings.push(event.warning)) },
    );
    reconstructOutputSchema.parse(output);
    expect(output.failed.map((one) => one.source)).toEqual([text, missing]);
    expect(output.failed.every((one) => one.code.startsWith('audio/') && one.remedy !== '')).toBe(true);
    expect(output.clips.map((clip) => clip.source)).toEqual([good, stereo, long, good]);
    expect(new Set(output.clips.map((clip) => clip.name)).size).toBe(4);
    expect(output.clips[1]?.warnings).toEqual(['its 8 channels were mixed to one']);
    expect(output.clips[2]?.warnings[0]).toContain('only the first 0.15 s of 0.40 s');
    expect(warnings.some((warning) => warning.includes('only the first'))).toBe(true);
    expect(JSON.parse(await readFile(output.results, 'utf8'))).toEqual(JSON.parse(JSON.stringify(output)));

    const [clip] = output.clips;
    if (!clip) throw new Error('no clip');
    const written = [
      clip.original,
      ...clip.ceiling.map((one) => one.file),
      ...clip.reconstruction.map((one) => one.file),
    ];
    expect(written.length).toBe(7);
    for (const file of written) {
      const audio = decodeAudio(file);
      expect(audio.sampleRateHz).toBe(8000);
      expect(audio.channels[0]?.length).toBe(1200);
    }
    expect(path.basename(clip.reconstruction[0]?.file ?? '')).toContain(
      '.reconstruction.8-bit.griffin-lim.wav',
    );
    expect((await readFile(clip.spectrogram)).subarray(1, 4).toString()).toBe('PNG');
    expect((await readNpy(clip.levels)).shape).toEqual([3, 32, 38]);

    // The original's own phase with its own magnitudes must be nearer than any guess of the phase.
    const [guessed, own] = clip.ceiling;
    expect(own?.error.lsdSpokenFramesDb).toBeLessThan(guessed?.error.lsdSpokenFramesDb ?? 0);
    expect(clip.codeWidths.map((width) => width.bitsPerCodeNumber)).toEqual([32, 16, 8, 6, 4]);
    expect(clip.codeWidths[2]?.error).toEqual(clip.error);
    expect(clip.codeWidths[0]?.padded.text).toBe('(4 x 32 + 2 x 32) bits / 0.15 s padded = 1.28 kb/s');
    expect(clip.codeWidths[0]?.spoken?.bitsPerSecond).toBeCloseTo(192 / 0.1, 6);
    expect(clip.klNats).toBeGreaterThan(0);
  });

  it('takes silence, says so, and gives silence back', async () => {
    const root = await temporaryFolder();
    const silent = path.join(root, 'silent.wav');
    const wav = toneWav(0.1);
    wav.fill(0, 44);
    await writeFile(silent, wav);
    const params = {
      model: await tinyRun(root),
      files: [silent],
      folder: path.join(root, 'out'),
      bits: 32 as const,
    };
    const output = await inference().request('reconstructFiles', { ...params, inversion: all });
    expect(output.clips[0]?.warnings).toEqual([expect.stringContaining('silent')]);
    expect(output.clips[0]?.codeWidths[0]?.spoken).toBeNull();
    expect(
      Math.max(...(decodeAudio(output.clips[0]?.ceiling[0]?.file ?? '').channels[0] ?? [1])),
    ).toBeLessThan(1e-3);
  });

  it('quantises over the range that the checkpoint names, and states no bitrate over less than a frame', async () => {
    const root = await temporaryFolder();
    const model = await tinyRun(root);
    const { checkpoints } = runFiles(model.runFolder);
    const { record } = checkpointFiles(checkpoints, checkpointSteps(checkpoints).at(-1) ?? 0);
    const stored = JSON.parse(await readFile(record, 'utf8')) as object;
    const codeRange = { low: [0, 0, 0, 0], high: [1e-6, 1e-6, 1e-6, 1e-6] };
    await writeFile(record, JSON.stringify({ ...stored, codeRange }));
    const short = path.join(root, 'short.wav');
    await writeFile(short, toneWav(0.002));
    const output = await inference().request('reconstructFiles', {
      ...{ model, files: [short], folder: path.join(root, 'out'), bits: 8 as const, inversion: all },
    });
    expect(output.codeRange).toMatch(/validation of the checkpoint/);
    // As good as every number lies outside a range of a millionth.
    expect(output.clips[0]?.codeWidths[2]?.clippedNumbers).toBe(4);
    const frameSec = 64 / 8000;
    expect(output.clips[0]?.codeWidths[0]?.spoken?.seconds).toBeCloseTo(frameSec, 9);
    expect(output.clips[0]?.warnings).toEqual([expect.stringContaining('counts 8.0 ms')]);
  });

  it('refuses a folder for results that is a file', async () => {
    const root = await temporaryFolder();
    const folder = path.join(root, 'out');
    await writeFile(folder, '');
    const model = await tinyRun(root);
    await expect(
      inference().request('reconstructFiles', { model, files: ['x'], folder, inversion: all, bits: 32 }),
    ).rejects.toMatchObject({ code: 'inference/output-exists' });
  });

  it.skipIf(process.getuid?.() === 0)('says that a folder may not be written to', async () => {
    const root = await temporaryFolder();
    const model = await tinyRun(root);
    await chmod(root, 0o555);
    const folder = path.join(root, 'out');
    await expect(
      inference().request('reconstructFiles', { model, files: ['x'], folder, inversion: all, bits: 32 }),
    ).rejects.toMatchObject({ code: 'files/not-writable' });
    await chmod(root, 0o755);
  });
});

describe('sampleFiles', () => {
  it('writes what the seed says, the same in every process', async () => {
    const root = await temporaryFolder();
    const model = await tinyRun(root);
    const inversion: InversionSettings = { methods: ['griffin-lim'], iterations: 4, seed: 3 };
    const bytes: string[] = [];
    for (const [folder, count] of [
      ['a', 7],
      ['b', 9],
    ] as const) {
      const output = await inference().request('sampleFiles', {
        model,
        count,
        folder: path.join(root, folder),
        inversion,
      });
      sampleOutputSchema.parse(output);
      expect(output.samples.length).toBe(count);
      expect([output.minDb, output.maxDb]).toEqual([-80, 0]);
      expect(existsSync(output.contactSheet)).toBe(true);
      expect((await readNpy(output.levels)).shape).toEqual([count, 32, 38]);
      bytes.push((await readFile(output.samples[6]?.audio ?? '')).toString('base64'));
    }
    expect(bytes[1]).toBe(bytes[0]);
  });
});

describe('InferenceProcess', () => {
  it('keeps a model that is named by its step', async () => {
    const model = { ...(await tinyRun(await temporaryFolder())), checkpoint: 7 };
    const child = inference();
    await child.request('load', { model });
    const stages: string[] = [];
    await child.request('load', { model }, { progress: (event) => void stages.push(event.stage) });
    expect(stages).toEqual([]);
  });

  it('rejects what is pending when the child is killed, and starts again', async () => {
    const model = await tinyRun(await temporaryFolder());
    const child = inference();
    const pending = child.request('load', { model });
    const { pid } = child;
    if (pid === undefined) throw new Error('no child');
    process.kill(pid, 'SIGKILL');
    await expect(pending).rejects.toMatchObject({ code: 'inference/child-died' });
    await expect(child.request('load', { model })).resolves.toMatchObject({ step: 7 });
  });

  it('tells the last words of a child that cannot start', async () => {
    const folder = await temporaryFolder();
    const entry = path.join(folder, 'broken.mjs');
    await writeFile(entry, "console.error('no such library'); process.exit(3);");
    const child = new InferenceProcess({ entry });
    await expect(child.request('load', { model: await tinyRun(folder) })).rejects.toMatchObject({
      message: expect.stringContaining('exit code 3; its last words: no such library') as string,
    });
  });

  it('cancels before the next file, and keeps what is written', async () => {
    const root = await temporaryFolder();
    const file = path.join(root, 'a.wav');
    await writeFile(file, toneWav(0.1));
    const controller = new AbortController();
    const files = Array.from({ length: 30 }, () => file);
    const params = { model: await tinyRun(root), files, folder: path.join(root, 'out'), bits: 32 as const };
    const running = inference().request(
      'reconstructFiles',
      { ...params, inversion: { ...all, iterations: 300 } },
      { signal: controller.signal, progress: (event) => void (event.done === 1 && controller.abort()) },
    );
    await expect(running).rejects.toMatchObject({ code: 'internal/cancelled' });
    expect(existsSync(path.join(root, 'out', 'a.original.wav'))).toBe(true);
    expect(existsSync(path.join(root, 'out', 'a-30.original.wav'))).toBe(false);
  });

  it('hands on what the child threw', async () => {
    const root = await temporaryFolder();
    const model = { runFolder: path.join(root, 'none'), runName: 'none', checkpoint: 'best' as const };
    await expect(inference().request('load', { model })).rejects.toMatchObject({
      code: 'runs/record-damaged',
    });
  });
});

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  openBackend,
  type BackendRequest,
  type OpenedBackend,
} from '../../../src-main/engine/backends/open.ts';
import { findInstallation } from '../../../src-main/engine/setup/install.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

type Answer = OpenedBackend & {
  hasBinding: boolean;
  losses: number[];
  weights: string;
  threadsAdded: number | null;
};

/** Opens a backend in a process of its own, as only one fits in a process, and trains on it. */
function openAndTrain(request: BackendRequest, env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const script = path.join(import.meta.dirname, 'open-process.ts');
    const child = spawn(process.execPath, [script, JSON.stringify(request)], {
      env: { ...process.env, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', () => {
      const answer = /^answer:(.*)$/m.exec(output)?.[1];
      if (answer) resolve(JSON.parse(answer) as Answer);
      else reject(new Error(output));
    });
  });
}

const expectTrained = ({ losses }: Answer): void => {
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.9);
};

const installed = findInstallation() !== null;
if (!installed) console.warn('SKIPPED: TensorFlow could not be set up here, so its backend is not tested.');

describe.skipIf(!installed)('TensorFlow', () => {
  test('trains, the same bits in three processes, with the threads asked for', async () => {
    const request: BackendRequest = { backend: 'tensorflow', device: 'cpu', threads: 2 };
    const answers = await Promise.all([1, 2, 3].map(() => openAndTrain(request)));
    for (const answer of answers) {
      expectTrained(answer);
      expect(answer).toMatchObject({
        kind: 'tensorflow',
        device: 'cpu',
        deterministic: true,
        hasBinding: true,
      });
      expect(answer.threads).toEqual({ intraOp: 2, interOp: 2 });
      expect(answer.versions.tensorflow).toBe('2.18.1');
    }
    expect(new Set(answers.map((answer) => answer.weights)).size).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.losses))).size).toBe(1);
  });

  test('takes its threads from the environment that is set in the running process', async () => {
    const counts = await Promise.all(
      [1, 4].map((threads) => openAndTrain({ backend: 'tensorflow', device: 'cpu', threads })),
    );
    const [one, four] = counts.map((answer) => answer.threadsAdded);
    // Three more inside an operation, and one more operation at a time.
    if (typeof one === 'number' && typeof four === 'number') expect(four - one).toBe(4);
  });

  test("'auto' says of every better backend what it lacks and how to get it", async () => {
    const answer = await openAndTrain({});
    const better = { tensorflow: answer.device === 'cpu' ? 2 : 0, webgpu: 1, javascript: 3 }[answer.kind];
    expect(answer.notes).toHaveLength(better);
    for (const note of answer.notes) expect(note.fix.length).toBeGreaterThan(10);
  });

  test('a GPU that is not there is refused, not replaced', async () => {
    if (existsSync('/dev/nvidiactl')) return;
    const env = { RESYNTH_TENSORFLOW: 'cpu' };
    await expect(openAndTrain({ backend: 'tensorflow', device: 'gpu' }, env)).rejects.toThrow(
      'cannot be had',
    );
  });
});

describe('without TensorFlow', () => {
  test('plain JavaScript trains, with a note for each backend above it', async () => {
    const cache = await temporaryFolder();
    const answer = await openAndTrain({ device: 'cpu' }, { RESYNTH_CACHE: cache, RESYNTH_TENSORFLOW: 'cpu' });
    expectTrained(answer);
    expect(answer).toMatchObject({ kind: 'javascript', device: 'cpu', hasBinding: false });
    expect(answer.notes).toEqual([
      {
        code: 'engine/not-set-up',
        missing: 'TensorFlow',
        why: 'TensorFlow has not been set up on this machine.',
        fix: 'Run: node scripts/setup.mjs',
      },
    ]);
  });

  test('turned off, it is said so', async () => {
    const answer = await openAndTrain({ device: 'cpu' }, { RESYNTH_TENSORFLOW: 'none' });
    expect(answer.notes.map((note) => note.code)).toEqual(['engine/turned-off']);
  });

  test('asked for by name, its absence is an error with the repair', async () => {
    const env = { RESYNTH_CACHE: await temporaryFolder(), RESYNTH_TENSORFLOW: 'cpu' };
    const attempt = openAndTrain({ backend: 'tensorflow', device: 'cpu' }, env);
    await expect(attempt).rejects.toThrow('engine/backend-unavailable');
    await expect(attempt).rejects.toThrow('node scripts/setup.mjs');
  });
});

describe('WebGPU', () => {
  // Chromium packages bring a software driver; machines with neither it nor a GPU skip this.
  const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
  if (!existsSync(driver)) console.warn('SKIPPED: no software Vulkan driver here, so WebGPU is not tested.');

  test.skipIf(!existsSync(driver))('trains on a software adapter when that is asked for', async () => {
    const answer = await openAndTrain({ backend: 'webgpu', device: 'software' }, { VK_DRIVER_FILES: driver });
    expectTrained(answer);
    expect(answer).toMatchObject({ kind: 'webgpu', device: 'software', deterministic: false });
    expect(answer.deviceName).toContain('SwiftShader');
  });

  test.skipIf(existsSync('/dev/dri') || existsSync('/dev/nvidiactl') || process.platform !== 'linux')(
    'without a GPU it is refused, and software is not taken instead',
    async () => {
      const attempt = openAndTrain({ backend: 'webgpu' }, { VK_DRIVER_FILES: driver });
      await expect(attempt).rejects.toThrow('this machine has no GPU device');
    },
  );
});

describe('a request is checked', () => {
  test.each<[BackendRequest, string]>([
    [{ backend: 'javascript', device: 'gpu' }, 'engine/device-unavailable'],
    [{ backend: 'webgpu', device: 'cpu' }, 'engine/device-unavailable'],
    [{ backend: 'tensorflow', device: 'software' }, 'engine/device-unavailable'],
    [{ backend: 'webgpu', device: 'gpu:1' }, 'engine/device-unavailable'],
    [{ device: 'tpu' }, 'engine/device-unavailable'],
    [{ backend: 'javascript', threads: 0 }, 'engine/threads-invalid'],
    [{ backend: 'javascript', threads: 1.5 }, 'engine/threads-invalid'],
  ])('%o is refused', async (request, code) => {
    await expect(openBackend(request)).rejects.toMatchObject({ code });
  });

  test('a process has one backend: the same again is the same, another is refused', async () => {
    const opened = await openBackend({ backend: 'javascript' });
    expect(await openBackend({ backend: 'javascript' })).toBe(opened);
    await expect(openBackend({ backend: 'javascript', threads: 1 })).rejects.toMatchObject({
      code: 'engine/already-open',
    });
  });
});

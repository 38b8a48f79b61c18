import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { renderDoctor } from '../../../src-main/engine/doctor-text.ts';
import { diagnose } from '../../../src-main/engine/doctor.ts';
import { doctor, type DoctorReport } from '../../../src-preload/contract/commands/doctor.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const input = (flags: object) => doctor.input.parse(flags);

describe('the report', () => {
  test('of plain JavaScript, measured: complete, and as the contract has it', async () => {
    // Without installed libraries there are none to read through, which would take seconds.
    vi.stubEnv('RESYNTH_CACHE', await temporaryFolder());
    vi.stubEnv('RESYNTH_TENSORFLOW', 'cpu');
    onTestFinished(() => void vi.unstubAllEnvs());
    const stages: string[] = [];
    const report = await diagnose(input({ backend: 'javascript' }), (event) => stages.push(event.stage));
    expect(doctor.output.parse(report)).toEqual(report);

    expect(report).toMatchObject({ backend: 'javascript', device: 'cpu', deterministic: true });
    expect(report.backends.map((each) => each.backend)).toEqual([
      'tensorflow-cuda',
      'webgpu',
      'tensorflow-cpu',
      'javascript',
    ]);
    for (const each of report.backends) expect(each.available).toBe(each.lacks === null);
    expect(report.backends.at(-1)).toMatchObject({ available: true, lacks: null });
    expect(report.speed?.matmul.gigaflops).toBeGreaterThan(0.001);
    expect(report.speed?.conv2d.gigaflops).toBeGreaterThan(0.001);
    expect(report.machine.memoryBytes).toBeGreaterThan(1e8);
    expect(report.backends[2]?.lacks).toMatchObject({
      code: 'engine/not-set-up',
      fix: 'Run: node scripts/setup.mjs',
    });
    expect(report.libraries).toBeNull();
    expect(stages).toContain('Measuring matmul and conv2d');
  });

  test('quick: nothing is measured and no file is read through', async () => {
    const report = await diagnose(input({ backend: 'javascript', quick: true }), () => undefined);
    expect(doctor.output.parse(report)).toEqual(report);
    expect(report.speed).toBeNull();
    expect(report.libraries?.intact ?? null).toBeNull();
  });
});

describe('the text for people', () => {
  const lacks = {
    code: 'engine/compiler-missing',
    missing: 'TensorFlow',
    why: 'No C++ compiler.',
    fix: 'Run: get-one',
  };
  const report: DoctorReport = {
    backend: 'javascript',
    device: 'cpu',
    deviceName: 'A Processor',
    deterministic: true,
    threads: { intraOp: 1, interOp: 1 },
    versions: { resynth: '1.2.3', node: '24', os: 'Linux', tensorflow: null, tfjs: '4', nvidiaDriver: null },
    machine: {
      processor: 'A Processor',
      physicalCores: 4,
      logicalCores: 8,
      memoryBytes: 16e9,
      freeMemoryBytes: 8e9,
      simd: 'avx2',
      clockGigahertz: 3,
    },
    estimatedPeakGigaflops: 96,
    speed: {
      matmul: { work: 'matmul 2 x 2', gigaflops: 48, shareOfPeak: 0.5 },
      conv2d: { work: 'conv2d', gigaflops: 12, shareOfPeak: null },
    },
    backends: [
      { backend: 'tensorflow-cpu', available: false, detail: lacks.why, lacks },
      { backend: 'javascript', available: true, detail: 'in use', lacks: null },
    ],
    notes: [lacks, { code: 'x', missing: 'Another thing', why: 'It is gone.', fix: 'Run: repair' }],
    libraries: null,
    cacheFolder: '/cache',
  };
  const text = renderDoctor(report);

  test('says what computes, how fast against the estimate, and each repair once', () => {
    expect(text).toContain('plain JavaScript on A Processor (cpu)');
    expect(text).toContain('48.0 GFLOP/s, matmul 2 x 2, 50 % of the 96 GFLOP/s estimated for these cores');
    expect(text).toContain('12.0 GFLOP/s, conv2d\n');
    expect(text.match(/Run: get-one/g)).toHaveLength(1);
    expect(text).toContain('Another thing: It is gone.\n  Run: repair');
    expect(text).toContain('TensorFlow is not installed in /cache');
  });

  test('says that libraries have changed', () => {
    expect(renderDoctor({ ...report, libraries: { folder: '/l', intact: false } })).toContain('/l (CHANGED)');
    expect(renderDoctor({ ...report, libraries: { folder: '/l', intact: true } })).toContain(
      'every byte checked',
    );
  });
});

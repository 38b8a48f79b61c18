import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import type {
  BackendNote,
  DoctorReport,
  doctorInputSchema,
} from '../../src-preload/contract/commands/doctor.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { physicalCores } from './backends/environment.ts';
import { openBackend, processorName, type OpenedBackend } from './backends/open.ts';
import { probeBackend } from './backends/probe.ts';
import { mayHaveGpu } from './backends/webgpu.ts';
import { measureSpeed, type MeasuredSpeed } from './doctor-speed.ts';
import { inspectProcessor, type ProcessorAbility } from './processor.ts';
import { cacheFolder, projectFolder } from './setup/folders.ts';
import { findInstallation } from './setup/install.ts';
import { changedFileFull, readManifest } from './setup/manifest.ts';
import type { Progress } from './setup/progress.ts';
import { noteOf, setupCommand } from './setup/repair.ts';
import { hasNvidiaDriver } from './setup/targets.ts';

export type DoctorInput = z.output<typeof doctorInputSchema>;

type BackendReport = DoctorReport['backends'][number];

/**
 * Opens the engine as a command would and reports it: what computes, how fast against what this processor should do, and
 * for every other backend whether it is here, what it lacks and the fix. With `quick` nothing is measured and installed
 * files are checked by size and time only. Throws what openBackend throws.
 */
export async function diagnose(input: DoctorInput, progress: Progress): Promise<DoctorReport> {
  progress({ stage: 'Opening the engine' });
  const opened = await openBackend(input);
  const ability = inspectProcessor();
  const peak = estimatePeak(opened, ability);
  const notes = [...opened.notes];

  const libraries = await checkLibraries(input.quick, progress, notes);
  let speed: DoctorReport['speed'] = null;
  if (!input.quick) {
    progress({ stage: 'Measuring matmul and conv2d' });
    const { matmul, conv2d } = await measureSpeed(opened);
    speed = { matmul: withShare(matmul, peak), conv2d: withShare(conv2d, peak) };
  }
  if (!input.quick) progress({ stage: 'Trying the other backends' });
  const backends = await reportBackends(opened, input.quick);

  return {
    backend: opened.kind,
    device: opened.device,
    deviceName: opened.deviceName,
    deterministic: opened.deterministic,
    threads: opened.threads,
    versions: {
      resynth: resynthVersion(),
      node: opened.versions.node,
      os: `${os.type()} ${os.release()} ${os.arch()}`,
      tensorflow: opened.versions.tensorflow,
      tfjs: opened.versions.tfjs,
      nvidiaDriver: nvidiaDriverVersion(),
    },
    machine: {
      processor: processorName(),
      physicalCores: physicalCores(),
      logicalCores: os.cpus().length,
      memoryBytes: os.totalmem(),
      freeMemoryBytes: os.freemem(),
      simd: ability.simd,
      clockGigahertz: ability.clockGigahertz,
    },
    estimatedPeakGigaflops: peak,
    speed,
    backends,
    notes,
    libraries,
    cacheFolder: cacheFolder(),
  };
}

/** Threads x operations a cycle x clock; null on a GPU, whose peak we do not know. */
function estimatePeak(opened: OpenedBackend, ability: ProcessorAbility): number | null {
  if (opened.device !== 'cpu' || !opened.threads || !ability.flopsPerCycle || !ability.clockGigahertz)
    return null;
  const cores = Math.min(opened.threads.intraOp, physicalCores());
  return cores * ability.flopsPerCycle * ability.clockGigahertz;
}

function withShare(
  speed: MeasuredSpeed,
  peak: number | null,
): MeasuredSpeed & { shareOfPeak: number | null } {
  return { ...speed, shareOfPeak: peak === null ? null : speed.gigaflops / peak };
}

async function checkLibraries(
  quick: boolean,
  progress: Progress,
  notes: BackendNote[],
): Promise<DoctorReport['libraries']> {
  const installation = findInstallation();
  const manifest = installation && readManifest(installation.libraryFolder);
  if (!installation || !manifest) return null;
  const folder = installation.libraryFolder;
  if (quick) return { folder, intact: null };
  const changed = await changedFileFull(folder, manifest, progress);
  if (changed !== null) {
    const params = { file: changed, command: `${setupCommand} --reinstall` };
    notes.push(noteOf('Intact TensorFlow libraries', new ResynthError('engine/libraries-changed', params)));
  }
  return { folder, intact: changed === null };
}

async function reportBackends(opened: OpenedBackend, quick: boolean): Promise<BackendReport[]> {
  const onGpu = opened.device.startsWith('gpu');
  const using = `in use: ${opened.deviceName}`;
  const reports: BackendReport[] = [];

  const cuda = opened.kind === 'tensorflow' && onGpu;
  if (cuda) reports.push(available('tensorflow-cuda', using));
  else
    reports.push(
      await reportProbe('tensorflow-cuda', { backend: 'tensorflow', device: 'gpu' }, quick, opened),
    );

  if (opened.kind === 'webgpu') reports.push(available('webgpu', using));
  else reports.push(await reportProbe('webgpu', { backend: 'webgpu', device: 'gpu' }, quick, opened));

  if (opened.kind === 'tensorflow' && !onGpu) reports.push(available('tensorflow-cpu', using));
  else
    reports.push(
      await reportProbe('tensorflow-cpu', { backend: 'tensorflow', device: 'cpu' }, quick, opened),
    );

  const plain = opened.kind === 'javascript' ? using : 'always here; about a hundred times slower';
  reports.push(available('javascript', plain));
  return reports;
}

function available(backend: BackendReport['backend'], detail: string): BackendReport {
  return { backend, available: true, detail, lacks: null };
}

const titles = {
  'tensorflow-cuda': 'TensorFlow on CUDA',
  webgpu: 'WebGPU',
  'tensorflow-cpu': 'TensorFlow',
  javascript: 'JavaScript',
};

/**
 * Tries a backend that is not open. A quick look starts no process where the device nodes already say that there is
 * nothing to find, or opening the engine has just found out.
 */
async function reportProbe(
  backend: BackendReport['backend'],
  request: { backend: 'tensorflow' | 'webgpu'; device: 'gpu' | 'cpu' },
  quick: boolean,
  opened: OpenedBackend,
): Promise<BackendReport> {
  const known = opened.notes.find((note) => note.missing === titles[backend]);
  if (known) return { backend, available: false, detail: known.why, lacks: known };
  if (quick) return quickReport(backend);
  const result = await probeBackend(request);
  if (!('error' in result)) return available(backend, result.deviceName);
  const { error } = result;
  // "Cannot be had" wraps the reason, which is what the user wants to read.
  const { why, fix, reason } = error.params;
  const lacks = {
    code: typeof reason === 'string' ? reason : error.code,
    missing: titles[backend],
    why: typeof why === 'string' ? why : error.message,
    fix: typeof fix === 'string' ? fix : error.remedy,
  };
  return { backend, available: false, detail: lacks.why, lacks };
}

function quickReport(backend: BackendReport['backend']): BackendReport {
  const looks: Record<BackendReport['backend'], boolean> = {
    'tensorflow-cuda': hasNvidiaDriver() && findInstallation(['cuda']) !== null,
    webgpu: mayHaveGpu(),
    'tensorflow-cpu': findInstallation() !== null,
    javascript: true,
  };
  const detail = looks[backend]
    ? 'its parts are here; not tried'
    : 'its parts are not here; run doctor without --quick';
  return { backend, available: looks[backend], detail, lacks: null };
}

function resynthVersion(): string {
  const text = readFileSync(path.join(projectFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The NVIDIA kernel module's version, or null. */
function nvidiaDriverVersion(): string | null {
  const file = '/proc/driver/nvidia/version';
  if (!existsSync(file)) return null;
  return /Kernel Module(?: for \S+)?\s+([\d.]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? null;
}

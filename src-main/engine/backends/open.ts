import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import type {
  BackendChoice,
  BackendKind,
  BackendNote,
} from '../../../src-preload/contract/commands/doctor.ts';
import { asResynthError, messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { lastFailure } from '../setup/attempts.ts';
import { engineFolders } from '../setup/folders.ts';
import { findInstallation, type Installation } from '../setup/install.ts';
import { installCommand, noteOf, setupCommand } from '../setup/repair.ts';
import { findTarget, hasNvidiaDriver, readEngineLock, wantedVariants } from '../setup/targets.ts';
import { prepareTensorFlowEnvironment, threadCounts, type ThreadCounts } from './environment.ts';
import { loadTensorFlow, type TensorFlowBackend } from './tensorflow.ts';
import { mayHaveGpu, openWebGpu } from './webgpu.ts';

export interface BackendRequest {
  /** 'auto' (the default) takes the best that is here and says what a better one lacks. */
  backend?: BackendChoice | undefined;
  /** 'cpu', 'gpu', 'gpu:1', or 'software' (a WebGPU adapter without a GPU); left out: the best. */
  device?: string | undefined;
  /** Threads inside one operation; left out: one a physical core. */
  threads?: number | undefined;
}

/** The engine of this process. */
export interface OpenedBackend {
  kind: BackendKind;
  /** 'cpu', 'gpu' or 'gpu:1'; 'software' for WebGPU without a GPU. */
  device: string;
  deviceName: string;
  versions: { tensorflow: string | null; tfjs: string; node: string; binding: string | null };
  /** Null where the backend has no such setting. */
  threads: ThreadCounts | null;
  /** Whether the same build, device and threads give the same bits each time. */
  deterministic: boolean;
  /** Why it is not something better: one note a step down. Empty on the best. */
  notes: BackendNote[];
  /** For captures: only with kind 'tensorflow'. */
  tensorflow: TensorFlowBackend | null;
}

let current: { request: string; opened: Promise<OpenedBackend> } | null = null;

/**
 * Opens the engine of this process: TensorFlow on CUDA, WebGPU on a real GPU, TensorFlow on the processor, plain
 * JavaScript, in this order. With 'auto' each step down leaves a note; a backend or device that was asked for and cannot
 * be had is an error, never another one. Asking again for the same returns the same; TensorFlow reads its settings once, so
 * asking for something else is engine/already-open. Uses only what set-up installed; never downloads.
 * Throws engine/backend-unavailable, engine/device-unavailable, engine/threads-invalid, engine/already-open.
 */
export function openBackend(request: BackendRequest = {}): Promise<OpenedBackend> {
  const wanted = JSON.stringify([
    request.backend ?? 'auto',
    request.device ?? 'auto',
    request.threads ?? 'auto',
  ]);
  if (current && current.request !== wanted) {
    return Promise.reject(new ResynthError('engine/already-open', { open: current.request, wanted }));
  }
  if (!current) {
    current = { request: wanted, opened: open(request) };
    current.opened.catch(() => {
      current = null;
    });
  }
  return current.opened;
}

interface Attempt {
  backend: Exclude<BackendChoice, 'auto'>;
  /** As it is called in notes. */
  name: string;
  devices: 'gpu' | 'cpu' | 'software';
  open(): Promise<OpenedBackend>;
}

async function open(request: BackendRequest): Promise<OpenedBackend> {
  const backend = request.backend ?? 'auto';
  const device = parseDevice(request.device ?? 'auto', backend);
  const threads = threadCounts(request.threads);
  const tensorflow = tensorFlowLoader(device, threads);
  const attempts: Attempt[] = [
    { backend: 'tensorflow', name: 'TensorFlow on CUDA', devices: 'gpu', open: () => tensorflow(true) },
    { backend: 'webgpu', name: 'WebGPU', devices: 'gpu', open: () => webGpu(false) },
    { backend: 'webgpu', name: 'WebGPU in software', devices: 'software', open: () => webGpu(true) },
    { backend: 'tensorflow', name: 'TensorFlow', devices: 'cpu', open: () => tensorflow(false) },
    { backend: 'javascript', name: 'JavaScript', devices: 'cpu', open: javaScript },
  ];
  const notes: BackendNote[] = [];
  for (const attempt of attempts) {
    if (backend !== 'auto' && attempt.backend !== backend) continue;
    if (device.kind === 'auto' ? attempt.devices === 'software' : attempt.devices !== device.kind) continue;
    try {
      const opened = await attempt.open();
      return { ...opened, notes };
    } catch (error) {
      const own = asResynthError(error);
      if (own.code === 'internal/unexpected') throw own;
      const note = noteOf(attempt.name, own);
      // Set-up knows better than "not set up" why it could not be.
      const reasons = own.code === 'engine/not-set-up' ? await setupFailure(attempt.devices) : [];
      notes.push(...(reasons.length > 0 ? reasons : [note]).filter((each) => !isKnown(notes, each)));
    }
  }
  const last = notes.at(-1);
  const asked = [backend, device.kind === 'auto' ? '' : request.device].filter(Boolean).join(' on ');
  const params = {
    backend: asked,
    // --device gpu tries CUDA and WebGPU: what each lacks, not only the last.
    why: notes.map(({ why }) => asSentence(why)).join(' ') || 'there is no such combination.',
    fix: [...new Set(notes.map(({ fix }) => fix))].join('. ') || 'Leave the device out.',
    /** The code of the reason. */
    reason: last?.code ?? null,
  };
  throw new ResynthError('engine/backend-unavailable', params);
}

async function setupFailure(devices: Attempt['devices']): Promise<BackendNote[]> {
  const target = findTarget(devices === 'gpu' ? 'cuda' : 'cpu', readEngineLock());
  return target ? lastFailure(engineFolders().problems, target.id) : [];
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isKnown(notes: readonly BackendNote[], note: BackendNote): boolean {
  return notes.some((each) => each.code === note.code && each.why === note.why);
}

interface DeviceChoice {
  kind: 'auto' | 'cpu' | 'gpu' | 'software';
  index: number | null;
}

const devicesOf: Record<BackendChoice, string> = {
  auto: 'cpu, gpu, gpu:1 and so on, and software',
  tensorflow: 'cpu, gpu, gpu:1 and so on',
  webgpu: 'gpu and software',
  javascript: 'cpu',
};

function parseDevice(device: string, backend: BackendChoice): DeviceChoice {
  const match = /^(auto|cpu|gpu|software)(?::(\d+))?$/.exec(device);
  const kind = match?.[1] as DeviceChoice['kind'] | undefined;
  const index = match?.[2] === undefined ? null : Number(match[2]);
  const numbered = kind === 'gpu' && (backend === 'tensorflow' || backend === 'auto');
  const fits =
    kind === 'auto' ||
    (kind === 'cpu' && backend !== 'webgpu') ||
    (kind === 'gpu' && backend !== 'javascript') ||
    (kind === 'software' && (backend === 'webgpu' || backend === 'auto'));
  if (!kind || !fits || (index !== null && !numbered)) {
    throw new ResynthError('engine/device-unavailable', { device, backend, available: devicesOf[backend] });
  }
  return { kind, index };
}

/** Loads TensorFlow at most once: the library stays in the process, whichever of its devices is wanted. */
function tensorFlowLoader(
  device: DeviceChoice,
  threads: ThreadCounts,
): (needGpu: boolean) => Promise<OpenedBackend> {
  let loaded: { backend: TensorFlowBackend; installation: Installation } | null = null;
  const load = () => {
    if (loaded) return loaded;
    const installation = findInstallation(
      device.kind === 'cpu' ? [...wantedVariants()].reverse() : undefined,
    );
    if (!installation) throw notInstalled();
    const visibleGpus =
      device.kind === 'cpu' ? '' : device.index === null ? firstGpu() : String(device.index);
    prepareTensorFlowEnvironment({ threads, libraryFolder: installation.libraryFolder, visibleGpus });
    try {
      loaded = { backend: loadTensorFlow(installation.bindingPath), installation };
    } catch (error) {
      const detail = messageOf(error);
      throw new ResynthError(
        'engine/load-failed',
        { detail, command: `${setupCommand} --reinstall` },
        { cause: error },
      );
    }
    return loaded;
  };
  return async (needGpu) => {
    if (needGpu && !hasNvidiaDriver()) {
      throw new ResynthError('engine/no-nvidia-driver', { command: installCommand('nvidia-driver') });
    }
    if (needGpu && findInstallation()?.variant !== 'cuda') throw notInstalled();
    const { backend, installation } = load();
    const gpu = backend.binding.isUsingGpuDevice();
    if (needGpu && !gpu) {
      throw new ResynthError('engine/gpu-not-used', { detail: '', command: 'nvidia-smi' });
    }
    const tf = await import('@tensorflow/tfjs-core');
    await tf.setBackend('tensorflow');
    return {
      kind: 'tensorflow',
      device: gpu ? (device.index === null ? 'gpu' : `gpu:${device.index}`) : 'cpu',
      deviceName: gpu ? nvidiaName() : processorName(),
      versions: versions(
        tf.version_core,
        backend.binding.TF_Version,
        path.basename(path.dirname(installation.bindingPath)),
      ),
      threads,
      deterministic: true,
      notes: [],
      tensorflow: backend,
    };
  };
}

function notInstalled(): ResynthError {
  if (wantedVariants().length === 0) return new ResynthError('engine/turned-off');
  return new ResynthError('engine/not-set-up', { command: setupCommand });
}

/** The first GPU, unless the user's environment already chose: the binding would take the last. */
function firstGpu(): string | undefined {
  return process.env.CUDA_VISIBLE_DEVICES === undefined ? '0' : undefined;
}

async function webGpu(allowSoftware: boolean): Promise<OpenedBackend> {
  if (!allowSoftware && !mayHaveGpu()) {
    const params = { detail: 'this machine has no GPU device', command: installCommand('vulkan') };
    throw new ResynthError('engine/webgpu-missing', params);
  }
  await registerGradients();
  const { adapterName, software } = await openWebGpu(allowSoftware);
  const tf = await import('@tensorflow/tfjs-core');
  return {
    kind: 'webgpu',
    device: software ? 'software' : 'gpu',
    deviceName: adapterName,
    versions: versions(tf.version_core, null, `webgpu ${packageVersion('webgpu')}`),
    threads: null,
    // Nothing in the interface promises an order of sums.
    deterministic: false,
    notes: [],
    tensorflow: null,
  };
}

async function javaScript(): Promise<OpenedBackend> {
  const tf = await import('@tensorflow/tfjs-core');
  await registerGradients();
  await tf.setBackend('cpu');
  // Its first use prints advice to install another package; what is better here is in our notes.
  (tf.backend() as KernelBackend & { firstUse: boolean }).firstUse = false;
  return {
    kind: 'javascript',
    device: 'cpu',
    deviceName: processorName(),
    versions: versions(tf.version_core, null, null),
    threads: { intraOp: 1, interOp: 1 },
    deterministic: true,
    notes: [],
    tensorflow: null,
  };
}

/**
 * Gradients, which tfjs-core's bundle for Node leaves out; the union package registers them, and the plain backend. With
 * TensorFlow tfjs-node brings them.
 */
async function registerGradients(): Promise<void> {
  await import('@tensorflow/tfjs');
}

function versions(
  tfjs: string,
  tensorflow: string | null,
  binding: string | null,
): OpenedBackend['versions'] {
  return { tensorflow, tfjs, node: process.versions.node, binding };
}

function packageVersion(name: string): string {
  const file = path.join(path.dirname(createRequire(import.meta.url).resolve(name)), 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** The processor's own name, as the system gives it. */
export function processorName(): string {
  return os.cpus()[0]?.model.trim() || `${process.arch} processor`;
}

function nvidiaName(): string {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    for (const gpu of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, gpu, 'information'), 'utf8');
      const model = /^Model:\s*(.+)$/m.exec(text)?.[1];
      if (model) return model.trim();
    }
  } catch {
    // A driver inside a container or WSL has no such folder; the GPU works all the same.
  }
  return 'NVIDIA GPU';
}

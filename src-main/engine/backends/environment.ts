import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';

export interface ThreadCounts {
  /** Threads that share one operation. */
  intraOp: number;
  /** Operations that may run side by side. */
  interOp: number;
}

/**
 * Physical cores that this process may use: two threads on one core share its multiplier, so more threads than cores
 * make matrix work slower. Limits of the process (affinity, control groups) count.
 */
export function usableCores(): number {
  return Math.max(1, Math.min(physicalCores(), os.availableParallelism()));
}

/** Physical cores of the machine, from /proc/cpuinfo where there is one. */
export function physicalCores(): number {
  const logical = Math.max(1, os.cpus().length);
  if (process.platform === 'darwin') return logical;
  let text: string;
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // No such file on Windows; almost every processor there runs two threads a core.
    return process.platform === 'win32' ? Math.max(1, Math.ceil(logical / 2)) : logical;
  }
  const cores = new Set<string>();
  for (const block of text.split('\n\n')) {
    const socket = /^physical id\s*: (\d+)/m.exec(block)?.[1];
    const core = /^core id\s*: (\d+)/m.exec(block)?.[1];
    if (socket !== undefined && core !== undefined) cores.add(`${socket}/${core}`);
  }
  return cores.size || logical;
}

/** The counts for `threads`, by default one a usable core. Throws engine/threads-invalid. */
export function threadCounts(threads: number | undefined): ThreadCounts {
  const intraOp = threads ?? usableCores();
  const maximum = 1024;
  if (!Number.isInteger(intraOp) || intraOp < 1 || intraOp > maximum) {
    throw new ResynthError('engine/threads-invalid', { threads: intraOp, maximum });
  }
  // Two where there are threads for it: recurrences are chains of operations too small to share, and two chains (the directions of
  // an LSTM; the halves of a batch, see scanHalves) fill two cores. Conv nets lose nothing. The bits are the same.
  return { intraOp, interOp: Math.min(2, intraOp) };
}

/**
 * Sets what TensorFlow reads from the environment, once, when it is loaded. Node passes process.env on to the C library
 * (setenv), so this reaches a library that is loaded later in the same process; a test counts the threads.
 * `visibleGpus` is CUDA's list: '' hides every GPU, undefined leaves the user's own setting.
 */
export function prepareTensorFlowEnvironment(settings: {
  threads: ThreadCounts;
  libraryFolder: string;
  visibleGpus: string | undefined;
}): void {
  const { env } = process;
  // Kernels whose sums depend on the order of threads are replaced, or refuse.
  env.TF_DETERMINISTIC_OPS = '1';
  env.TF_CUDNN_DETERMINISTIC = '1';
  env.TF_NUM_INTRAOP_THREADS = String(settings.threads.intraOp);
  env.TF_NUM_INTEROP_THREADS = String(settings.threads.interOp);
  env.OMP_NUM_THREADS = String(settings.threads.intraOp);
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // Without it TensorFlow takes all of a GPU's memory at once, and a second run on it fails.
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  if (settings.visibleGpus !== undefined) env.CUDA_VISIBLE_DEVICES = settings.visibleGpus || '-1';
  // Where the CUDA wheels put ptxas, which TensorFlow starts to compile kernels for GPUs newer than itself.
  const cudaTools = path.join(settings.libraryFolder, 'nvidia', 'cuda_nvcc', 'bin');
  env.PATH = [cudaTools, env.PATH].filter(Boolean).join(path.delimiter);
}

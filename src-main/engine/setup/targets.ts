import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { projectFolder, shortHash } from './folders.ts';

const wheelSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  file: z.string().endsWith('.whl'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  /** The platform tags that pip is asked for: the wheel's own, whatever machine asks. */
  platforms: z.array(z.string()).min(1),
});

const targetSchema = z.strictObject({
  /** Bytes on disk once unpacked, for the check of free space. */
  unpackedBytes: z.int().positive(),
  wheels: z.array(wheelSchema).min(1),
});

const lockSchema = z.strictObject({
  note: z.string(),
  tensorflow: z.string(),
  /** The Python that the wheels are made for; no such Python is needed, only pip. */
  pythonTag: z.string().regex(/^\d+\.\d+$/),
  targets: z.record(z.string(), targetSchema),
});

export type WheelLock = z.output<typeof wheelSchema>;
export type EngineLock = z.output<typeof lockSchema>;
export type Variant = 'cpu' | 'cuda';

/** One set of libraries that can be installed: a platform and a variant, with exactly the wheels that make it. */
export interface Target {
  /** Such as 'linux-x64-cpu'. */
  name: string;
  variant: Variant;
  tensorflow: string;
  pythonTag: string;
  unpackedBytes: number;
  wheels: WheelLock[];
  /** Changes with anything above: the installed folder is named by it, so a new lock never meets old libraries. */
  id: string;
}

/** The pinned wheels (resources/engine-lock.json). */
export function readEngineLock(file = path.join(projectFolder, 'resources', 'engine-lock.json')): EngineLock {
  return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The target for a variant on this platform, or null where TensorFlow publishes no library that we can link. */
export function findTarget(
  variant: Variant,
  lock: EngineLock,
  platform: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
): Target | null {
  const name = `${platform}-${architecture}-${variant}`;
  const target = lock.targets[name];
  if (!target) return null;
  const content = JSON.stringify([lock.tensorflow, lock.pythonTag, target]);
  return {
    name,
    variant,
    tensorflow: lock.tensorflow,
    pythonTag: lock.pythonTag,
    unpackedBytes: target.unpackedBytes,
    wheels: target.wheels,
    id: `${lock.tensorflow}-${name}-${shortHash(content).slice(0, 8)}`,
  };
}

/**
 * Whether an NVIDIA driver is here: its kernel module, its library, or its tool. Nothing is started, so this is cheap
 * enough for every start.
 */
export function hasNvidiaDriver(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== 'linux') return false;
  const libraries = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib/wsl/lib',
    '/usr/lib',
    '/usr/local/nvidia/lib64',
  ];
  return (
    existsSync('/proc/driver/nvidia/version') ||
    libraries.some((folder) => existsSync(path.join(folder, 'libcuda.so.1'))) ||
    findExecutable('nvidia-smi', env) !== null
  );
}

/** The variants worth having here, best first. $RESYNTH_TENSORFLOW (cpu, cuda, none) overrides what was found. */
export function wantedVariants(env: NodeJS.ProcessEnv = process.env): Variant[] {
  switch (env.RESYNTH_TENSORFLOW) {
    case 'none':
      return [];
    case 'cpu':
      return ['cpu'];
    case 'cuda':
      return ['cuda', 'cpu'];
    default:
      return hasNvidiaDriver(env) ? ['cuda', 'cpu'] : ['cpu'];
  }
}

/** The full path of a program on PATH, or null. */
export function findExecutable(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  const folders = path.isAbsolute(name) ? [''] : (env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const folder of folders) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

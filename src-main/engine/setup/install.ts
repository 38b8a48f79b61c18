import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, rename, rm, statfs, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { BackendNote } from '../../../src-preload/contract/commands/doctor.ts';
import { asResynthError, messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { isMarkedByLiving, processMark } from '../../processes/process-identity.ts';
import { recallFailure, rememberFailure, forgetFailure } from './attempts.ts';
import { bindingPath, compileBinding, findCompiler } from './compile.ts';
import { downloadWheels } from './download.ts';
import { bindingSourceFolder, engineFolders, type EngineFolders } from './folders.ts';
import { changedFileQuick, readManifest, writeManifest } from './manifest.ts';
import type { Progress } from './progress.ts';
import { findPython } from './python.ts';
import { noteOf, setupCommand } from './repair.ts';
import { withLock } from './setup-lock.ts';
import {
  findTarget,
  readEngineLock,
  wantedVariants,
  type EngineLock,
  type Target,
  type Variant,
} from './targets.ts';
import { extractZip, listZip, type ExtractedFile } from '../../files/zip.ts';

/** TensorFlow ready to be loaded. */
export interface Installation {
  variant: Variant;
  /** The compiled binding, linked to the libraries. */
  bindingPath: string;
  /** Unpacked wheels: tensorflow/ with the two libraries and, for CUDA, nvidia/. */
  libraryFolder: string;
  tensorflow: string;
}

/** What set-up achieved: the best installation, or null, and a note for everything better that could not be had. */
export interface SetupResult {
  installation: Installation | null;
  notes: BackendNote[];
}

const lockWaitMinutes = 60;

/**
 * The best TensorFlow that is installed and unchanged (by size and time), or null. Reads a few small files, starts
 * nothing: for every start.
 */
export function findInstallation(
  wanted: readonly Variant[] = wantedVariants(),
  lock: EngineLock = readEngineLock(),
): Installation | null {
  for (const variant of wanted) {
    const target = findTarget(variant, lock);
    const found = target ? findTargetInstallation(target, engineFolders()) : null;
    if (found) return found;
  }
  return null;
}

function findTargetInstallation(target: Target, folders: EngineFolders): Installation | null {
  // Without the package that carries its source there is nothing that could use the binding either.
  if (!existsSync(bindingSourceFolder)) return null;
  const binding = bindingPath(target, folders.bindings);
  if (!existsSync(binding) || !librariesIntact(target, folders)) return null;
  return {
    variant: target.variant,
    bindingPath: binding,
    libraryFolder: path.join(folders.libraries, target.id),
    tensorflow: target.tensorflow,
  };
}

function librariesIntact(target: Target, folders: EngineFolders): boolean {
  const folder = path.join(folders.libraries, target.id);
  const manifest = readManifest(folder);
  return manifest?.id === target.id && changedFileQuick(folder, manifest) === null;
}

/**
 * Installs the best TensorFlow that this machine can have: downloads, checks, unpacks and compiles what is not in the
 * cache yet. Never throws for something that the machine lacks: it becomes a note and the next best is tried.
 * A download or compilation that failed a few minutes ago is not tried again unless `retry`.
 */
export async function ensureInstallation(
  progress: Progress,
  options: { retry?: boolean; reinstall?: boolean; signal?: AbortSignal; lock?: EngineLock } = {},
): Promise<SetupResult> {
  const notes: BackendNote[] = [];
  const folders = engineFolders();
  const wanted = wantedVariants();
  if (wanted.length === 0) notes.push(noteOf('TensorFlow', new ResynthError('engine/turned-off')));
  const lock = options.lock ?? readEngineLock();
  for (const variant of wanted) {
    const missing = variant === 'cuda' ? 'TensorFlow on CUDA' : 'TensorFlow';
    const target = findTarget(variant, lock);
    if (!target) {
      const platform = `${process.platform} ${process.arch}`;
      notes.push(noteOf(missing, new ResynthError('engine/platform-unsupported', { platform })));
      continue;
    }
    if (options.reinstall)
      await rm(path.join(folders.libraries, target.id), { recursive: true, force: true });
    const found = findTargetInstallation(target, folders);
    if (found) return { installation: found, notes };
    const failures =
      options.retry || options.reinstall ? [] : await recallFailure(folders.problems, target.id);
    if (failures.length > 0) {
      notes.push(...failures);
      continue;
    }
    const outcome = await tryInstall(target, folders, progress, options.signal);
    if (!Array.isArray(outcome)) {
      await forgetFailure(folders.problems, target.id);
      return { installation: outcome, notes };
    }
    const own = outcome.map((error) => noteOf(missing, error));
    await rememberFailure(folders.problems, target.id, own);
    notes.push(...own);
  }
  return { installation: null, notes };
}

/** The installation, or all the reasons why not. */
async function tryInstall(
  target: Target,
  folders: EngineFolders,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<Installation | ResynthError[]> {
  try {
    await mkdir(folders.staging, { recursive: true });
    await mkdir(folders.locks, { recursive: true });
  } catch (error) {
    return [folderError(folders.root, error)];
  }
  const onWait = (holder: { pid: number }, waitedMs: number) => {
    progress({ stage: 'Waiting for another process to set up TensorFlow', detail: `process ${holder.pid}` });
    if (waitedMs > lockWaitMinutes * 60_000) {
      const params = {
        pid: holder.pid,
        target: target.name,
        minutes: lockWaitMinutes,
        command: setupCommand,
      };
      throw new ResynthError('engine/busy', params);
    }
  };
  const lockFile = path.join(folders.locks, `${target.id}.json`);
  try {
    return await withLock(lockFile, () => installLocked(target, folders, progress, signal), onWait);
  } catch (error) {
    const own = diskError(error, target, folders) ?? asResynthError(error);
    if (own.code === 'internal/cancelled') throw own;
    return [own];
  }
}

async function installLocked(
  target: Target,
  folders: EngineFolders,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<Installation | ResynthError[]> {
  await removeAbandonedStaging(folders.staging);
  const staging = path.join(folders.staging, `${processMark()}-${Date.now()}`);
  try {
    const libraryFolder = path.join(folders.libraries, target.id);
    // Everything that is missing is said at once, and before hundreds of megabytes are fetched in vain.
    const lacks: ResynthError[] = [];
    const own = { ...folders, staging };
    const compiled = existsSync(bindingPath(target, folders.bindings));
    if (!compiled) collect(lacks, () => findCompiler());
    if (!librariesIntact(target, folders)) {
      const python = await findPython(path.join(folders.root, 'python')).catch((error: unknown) => {
        lacks.push(asResynthError(error));
        return null;
      });
      if (!python || lacks.length > 0) return lacks;
      await requireSpace(target, folders);
      const wheels = await downloadWheels(target, () => Promise.resolve(python), own, progress, signal);
      await unpack(target, wheels, path.join(staging, 'libraries'), libraryFolder, progress);
      for (const wheel of wheels) await rm(wheel, { force: true });
    }
    if (lacks.length > 0) return lacks;
    const binding = await compileBinding(target, libraryFolder, own, progress, signal);
    return { variant: target.variant, bindingPath: binding, libraryFolder, tensorflow: target.tensorflow };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function collect(errors: ResynthError[], work: () => unknown): void {
  try {
    work();
  } catch (error) {
    errors.push(asResynthError(error));
  }
}

/** What the engine needs of a wheel: libraries, the C headers, and the licences that go with them. */
export function isNeeded(name: string): boolean {
  return (
    /^tensorflow\/libtensorflow_(cc|framework)\./.test(name) ||
    /^tensorflow\/include\/(tensorflow\/c|xla\/tsl\/c)\//.test(name) ||
    /^tensorflow\/include\/(tensorflow\/core|tsl)\/platform\/ctstring/.test(name) ||
    /^tensorflow[_a-z]*\.libs\//.test(name) ||
    /^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(name) ||
    /^tensorflow\/(THIRD_PARTY_NOTICES\.txt|include\/LICENSE)$/.test(name) ||
    /\.dist-info\/.*licen[sc]e/i.test(name)
  );
}

/** Unpacks beside, writes the manifest last, and renames the whole into place. */
async function unpack(
  target: Target,
  wheels: readonly string[],
  staging: string,
  folder: string,
  progress: Progress,
): Promise<void> {
  let total = 0;
  for (const wheel of wheels) {
    for (const entry of await listZip(wheel)) total += isNeeded(entry.name) ? entry.bytes : 0;
  }
  let done = 0;
  let shown = 0;
  const files: ExtractedFile[] = [];
  const onBytes = (bytes: number) => {
    done += bytes;
    if (done - shown < 8e6 && done !== total) return;
    shown = done;
    progress({ stage: 'Unpacking the TensorFlow libraries', done, total, unit: 'bytes' });
  };
  for (const wheel of wheels) files.push(...(await extractZip(wheel, staging, isNeeded, onBytes)));
  for (const file of files) {
    // pip would mark these; wheels do not always.
    if (/\/bin\//.test(file.path)) await chmod(path.join(staging, file.path), 0o755);
  }
  if (existsSync(path.join(staging, 'nvidia', 'cuda_nvrtc'))) {
    // cuDNN 9's run path names the folder so; without it kernels that it compiles on the spot are not to be had.
    await symlink('cuda_nvrtc', path.join(staging, 'nvidia', 'nvrtc'));
  }
  await writeManifest(staging, target, files);
  await mkdir(path.dirname(folder), { recursive: true });
  if (existsSync(folder)) await rename(folder, `${staging}-replaced`);
  await rename(staging, folder);
}

async function requireSpace(target: Target, folders: EngineFolders): Promise<void> {
  const { bavail, bsize } = await statfs(folders.root);
  const free = bavail * bsize;
  const needed = target.unpackedBytes + target.wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
  if (free < needed) throw spaceError(target, folders, needed, free);
}

function spaceError(target: Target, folders: EngineFolders, needed: number, free: number): ResynthError {
  return new ResynthError('engine/disk-full', {
    target: `TensorFlow (${target.name})`,
    folder: folders.root,
    neededGigabytes: (needed / 1e9).toFixed(1),
    freeGigabytes: (free / 1e9).toFixed(1),
    command: setupCommand,
  });
}

function diskError(error: unknown, target: Target, folders: EngineFolders): ResynthError | null {
  const text = messageOf(error);
  if (/ENOSPC|no space left/i.test(text)) {
    const needed = target.unpackedBytes + target.wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
    return spaceError(target, folders, needed, 0);
  }
  if (/EACCES|EROFS|EPERM/.test(text)) return folderError(folders.root, error);
  return null;
}

function folderError(folder: string, error: unknown): ResynthError {
  const detail = messageOf(error);
  const params = { folder, detail, command: setupCommand };
  return new ResynthError('engine/cache-unwritable', params, { cause: error });
}

/** Removes what killed processes left behind. */
async function removeAbandonedStaging(staging: string): Promise<void> {
  for (const name of readdirSync(staging)) {
    if (isMarkedByLiving(name)) continue;
    await rm(path.join(staging, name), { recursive: true, force: true });
  }
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { watchFolder, type Progress } from './progress.ts';
import type { PythonWithPip } from './python.ts';
import { setupCommand } from './repair.ts';
import { lastLine, runTool } from './run-tool.ts';
import type { Target, WheelLock } from './targets.ts';

/** SHA-256 of a file, in hex. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * Brings the target's wheels into `downloads` and returns their files, in the lock's order. A wheel that is already
 * there with the right hash is not fetched again, so an interrupted set-up goes on with the wheel that it was at.
 * pip is only the carrier: what counts is the pinned hash, checked here whatever index or mirror the user's pip uses.
 * Throws engine/download-failed, engine/wheel-corrupt.
 */
export async function downloadWheels(
  target: Target,
  python: () => Promise<PythonWithPip>,
  folders: { downloads: string; staging: string },
  progress: Progress,
  signal?: AbortSignal,
): Promise<string[]> {
  const total = target.wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
  await mkdir(folders.downloads, { recursive: true });
  const files: string[] = [];
  let done = 0;
  for (const wheel of target.wheels) {
    const file = path.join(folders.downloads, wheel.file);
    const stage = 'Downloading TensorFlow, the engine';
    const detail = `${wheel.name} ${wheel.version}`;
    progress({ stage, done, total, unit: 'bytes', detail });
    if (!(await hasHash(file, wheel))) {
      const before = done;
      await fetchWheel(wheel, target, await python(), file, folders.staging, signal, (bytes) =>
        progress({
          stage,
          done: before + Math.min(bytes, wheel.bytes),
          total,
          unit: 'bytes',
          detail,
        }),
      );
    }
    done += wheel.bytes;
    progress({ stage, done, total, unit: 'bytes', detail });
    files.push(file);
  }
  return files;
}

async function hasHash(file: string, wheel: WheelLock): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.size === wheel.bytes && (await sha256OfFile(file)) === wheel.sha256;
}

async function fetchWheel(
  wheel: WheelLock,
  target: Target,
  { python }: PythonWithPip,
  file: string,
  staging: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const folder = path.join(staging, 'wheel');
  await mkdir(folder, { recursive: true });
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--no-input'];
  args.push('--disable-pip-version-check', '--retries', '2', '--progress-bar', 'off', '--dest', folder);
  args.push('--python-version', target.pythonTag, '--implementation', 'cp');
  args.push('--abi', `cp${target.pythonTag.replace('.', '')}`);
  for (const platform of wheel.platforms) args.push('--platform', platform);
  args.push(`${wheel.name}==${wheel.version}`);
  // pip writes into the temporary folder first: with that inside ours, the folder's size is the progress.
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
  const stop = watchFolder(folder, onBytes);
  let result;
  try {
    result = await runTool(python, args, { env, signal });
  } finally {
    stop();
  }
  if (signal?.aborted) throw new ResynthError('internal/cancelled');
  const arrived = path.join(folder, wheel.file);
  if (result.code !== 0 || !(await stat(arrived).catch(() => null))) {
    const detail = result.code === 0 ? 'pip brought another file' : pipReason(result.stderr || result.stdout);
    throw new ResynthError('engine/download-failed', { file: wheel.file, detail, command: setupCommand });
  }
  const actual = await sha256OfFile(arrived);
  if (actual !== wheel.sha256) {
    await rm(arrived, { force: true });
    const expected = wheel.sha256;
    throw new ResynthError('engine/wheel-corrupt', {
      file: wheel.file,
      actual,
      expected,
      command: setupCommand,
    });
  }
  await rename(arrived, file);
  await rm(folder, { recursive: true, force: true });
}

/**
 * Why pip failed, in a line. Its last one says "no matching distribution" whatever the cause; where a connection failed, that
 * is the reason, and stands further up.
 */
export function pipReason(output: string): string {
  const connection =
    /\[Errno -?\d+\] [^'")]+|Read timed out|Connection timed out|CERTIFICATE_VERIFY_FAILED|\b\d{3} (?:Client|Server) Error: [^\n]{1,80}/.exec(
      output,
    )?.[0];
  return connection ?? lastLine(output);
}

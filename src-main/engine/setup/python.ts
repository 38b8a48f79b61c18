import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { installCommand } from './repair.ts';
import { runTool } from './run-tool.ts';
import { findExecutable } from './targets.ts';

/** A Python whose pip works. Any version does: the wheels are asked for by their own Python's tag. */
export interface PythonWithPip {
  python: string;
  pipVersion: string;
}

const names = ['python3', 'python', 'py'];

/**
 * Finds a Python with pip on PATH ($RESYNTH_PYTHON first). Where Python is there without pip, as on a bare Debian, tries
 * a private virtual environment in `privateFolder`, which needs nothing installed system-wide.
 * Throws engine/python-missing or engine/pip-missing.
 */
export async function findPython(
  privateFolder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<PythonWithPip> {
  const candidates = [...(env.RESYNTH_PYTHON ? [env.RESYNTH_PYTHON] : []), ...names]
    .map((name) => findExecutable(name, env))
    .filter((python) => python !== null);
  let working: string | null = null;
  for (const python of candidates) {
    const pipVersion = await pipOf(python, env);
    if (pipVersion) return { python, pipVersion };
    const alive = await runTool(python, ['-c', 'import sys; print(sys.version)'], { env, timeoutMs: 30_000 });
    if (alive.code === 0) working ??= python;
  }
  if (!working) {
    const command = installCommand('python');
    throw new ResynthError('engine/python-missing', { looked: names.join(', '), command });
  }
  const own = await privatePython(working, privateFolder, env);
  if (own) return own;
  throw new ResynthError('engine/pip-missing', { python: working, command: installCommand('pip') });
}

async function pipOf(python: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const result = await runTool(python, ['-m', 'pip', '--version'], { env, timeoutMs: 60_000 });
  return result.code === 0 ? (/^pip (\S+)/.exec(result.stdout)?.[1] ?? null) : null;
}

async function privatePython(
  python: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<PythonWithPip | null> {
  const own = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(own)) {
    const made = await runTool(python, ['-m', 'venv', folder], { env, timeoutMs: 120_000 });
    if (made.code !== 0) {
      await rm(folder, { recursive: true, force: true });
      return null;
    }
  }
  const pipVersion = await pipOf(own, env);
  return pipVersion ? { python: own, pipVersion } : null;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { bindingSourceFolder, nodeHeadersFolder, shortHash } from './folders.ts';
import type { Progress } from './progress.ts';
import { installCommand, setupCommand } from './repair.ts';
import { runTool } from './run-tool.ts';
import { findExecutable, type Target } from './targets.ts';

const compilers = process.platform === 'darwin' ? ['clang++', 'c++', 'g++'] : ['g++', 'clang++', 'c++'];
const flags = ['-O2', '-std=c++17', '-DNAPI_VERSION=8', '-shared', '-fPIC', '-w'];
const fileName = 'tfjs_binding.node';

/**
 * Where the binding for a target lies: named by everything that it is made from, so that a new version of any part is
 * compiled beside the old one, which another clone may still use.
 */
export function bindingPath(target: Target, bindings: string): string {
  const sources = readdirSync(bindingSourceFolder).sort();
  const contents = sources.map((name) => readFileSync(path.join(bindingSourceFolder, name)));
  const key = shortHash(
    target.id,
    process.platform,
    process.arch,
    flags.join(' '),
    sources.join(' '),
    ...contents,
  );
  return path.join(bindings, key, fileName);
}

/** A C++ compiler: $CXX, else the usual names. Throws engine/compiler-missing. */
export function findCompiler(env: NodeJS.ProcessEnv = process.env): string {
  const names = [...(env.CXX ? [env.CXX] : []), ...compilers];
  for (const name of names) {
    const found = findExecutable(name, env);
    if (found) return found;
  }
  const looked = names.join(', ');
  throw new ResynthError('engine/compiler-missing', { looked, command: installCommand('compiler') });
}

/**
 * Compiles tfjs-node's binding against a target's libraries, unless it is there. The finished file is renamed into its
 * place, so a half-written one is never loaded. The run path is relative: the whole cache folder can be moved.
 */
export async function compileBinding(
  target: Target,
  libraryFolder: string,
  folders: { bindings: string; staging: string },
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  const file = bindingPath(target, folders.bindings);
  if (existsSync(file)) return file;
  const compiler = findCompiler();
  const headers = nodeHeadersFolder();
  if (!headers) throw new ResynthError('engine/headers-missing', { node: process.execPath });
  progress({ stage: 'Compiling the link between Node and TensorFlow', detail: path.basename(compiler) });

  const tensorflow = path.join(libraryFolder, 'tensorflow');
  const temporary = path.join(folders.staging, fileName);
  const sources = readdirSync(bindingSourceFolder).filter((name) => name.endsWith('.cc'));
  const runPath = path.relative(path.dirname(file), tensorflow);
  const args = [
    ...flags,
    ...['-I..', `-I${path.join(tensorflow, 'include')}`, `-I${headers}`],
    ...sources.sort(),
    ...['-o', temporary],
    ...linkArguments(tensorflow, runPath),
  ];
  await mkdir(folders.staging, { recursive: true });
  const result = await runTool(compiler, args, { cwd: bindingSourceFolder, signal });
  if (signal?.aborted) throw new ResynthError('internal/cancelled');
  if (result.code !== 0) {
    const log = path.join(folders.bindings, 'compile.log');
    await mkdir(folders.bindings, { recursive: true });
    await writeFile(log, `${compiler} ${args.join(' ')}\n\n${result.stdout}${result.stderr}\n`);
    const lines = result.stderr.split('\n');
    const detail = (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? '').trim() || 'it said nothing';
    throw new ResynthError('engine/compile-failed', { compiler, detail, log, command: setupCommand });
  }
  await mkdir(path.dirname(file), { recursive: true });
  await rename(temporary, file);
  await rm(temporary, { force: true });
  return file;
}

function linkArguments(tensorflow: string, runPath: string): string[] {
  if (process.platform === 'darwin') {
    return [
      path.join(tensorflow, 'libtensorflow_cc.2.dylib'),
      path.join(tensorflow, 'libtensorflow_framework.2.dylib'),
      '-undefined',
      'dynamic_lookup',
      `-Wl,-rpath,@loader_path/${runPath}`,
    ];
  }
  return [
    `-L${tensorflow}`,
    '-l:libtensorflow_cc.so.2',
    '-l:libtensorflow_framework.so.2',
    `-Wl,-rpath,$ORIGIN/${runPath}`,
  ];
}

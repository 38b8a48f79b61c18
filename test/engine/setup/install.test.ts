import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ensureInstallation,
  findInstallation,
  isNeeded,
  type SetupResult,
} from '../../../src-main/engine/setup/install.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { fakeMachine, type FakeMachine } from './fake-engine.ts';

let machine: FakeMachine;

beforeEach(async () => {
  machine = fakeMachine(await temporaryFolder());
  for (const name of ['PATH', 'RESYNTH_CACHE', 'RESYNTH_TENSORFLOW', 'HOME'])
    vi.stubEnv(name, machine.env[name]);
  vi.stubEnv('CXX', undefined);
  vi.stubEnv('RESYNTH_PYTHON', undefined);
  return () => vi.unstubAllEnvs();
});

const setUp = (options: { retry?: boolean; reinstall?: boolean } = {}): Promise<SetupResult> =>
  ensureInstallation(() => undefined, { ...options, lock: machine.lock });
const codes = (result: SetupResult): string[] => result.notes.map((note) => note.code);
const staging = () => path.join(machine.cache, 'engine', 'staging');

describe('a machine that has everything', () => {
  beforeEach(() => {
    machine.goodPython();
    machine.goodCompiler();
  });

  test('downloads, unpacks what is needed, compiles, and leaves no wheel or work behind', async () => {
    const stages = new Set<string>();
    const result = await ensureInstallation((event) => stages.add(event.stage), { lock: machine.lock });

    expect(result.notes).toEqual([]);
    expect(readFileSync(result.installation?.bindingPath ?? '', 'utf8')).toContain('a binding');
    const tensorflow = path.join(result.installation?.libraryFolder ?? '', 'tensorflow');
    expect(readdirSync(tensorflow).sort()).toEqual([
      'include',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    expect(readdirSync(path.join(machine.cache, 'engine', 'downloads'))).toEqual([]);
    expect(readdirSync(staging())).toEqual([]);
    expect([...stages]).toEqual([
      'Downloading TensorFlow, the engine',
      'Unpacking the TensorFlow libraries',
      'Compiling the link between Node and TensorFlow',
    ]);
  });

  test('does nothing the second time, and finds what is there without any work', async () => {
    expect(findInstallation(['cpu'], machine.lock)).toBeNull();
    const first = await setUp();
    expect(await setUp()).toEqual(first);
    expect(findInstallation(['cpu'], machine.lock)).toEqual(first.installation);
    expect(machine.calls()).toEqual(['pip download', 'g++']);
  });

  test('installs a library again that has changed', async () => {
    const { installation } = await setUp();
    const library = path.join(
      installation?.libraryFolder ?? '',
      'tensorflow',
      'libtensorflow_framework.so.2',
    );
    writeFileSync(library, 'something else');

    expect(findInstallation(['cpu'], machine.lock)).toBeNull();
    expect((await setUp()).installation).toEqual(installation);
    expect(readFileSync(library, 'utf8')).toBe('the framework');
  });

  test('compiles again, and downloads nothing, when only the binding is gone', async () => {
    const { installation } = await setUp();
    rmSync(installation?.bindingPath ?? '');
    expect((await setUp()).installation).toEqual(installation);
    expect(machine.calls()).toEqual(['pip download', 'g++', 'g++']);
  });

  test('reinstalls when told to', async () => {
    await setUp();
    expect((await setUp({ reinstall: true })).installation).not.toBeNull();
    expect(machine.calls().filter((call) => call === 'pip download')).toHaveLength(2);
  });
});

describe('a machine that lacks something says what, why, and the one command', () => {
  test('no Python', async () => {
    machine.goodCompiler();
    const result = await setUp();
    expect(result.installation).toBeNull();
    expect(codes(result)).toEqual(['engine/python-missing']);
    expect(result.notes[0]?.why).toContain('python3, python, py');
    expect(result.notes[0]?.fix).toMatch(/^Run: \S+/);
  });

  test('Python without pip, nor the means to make a private one', async () => {
    machine.goodCompiler();
    machine.tool('python3', 'case "$*" in "-c "*) echo 3.11 ;; *) exit 1 ;; esac');
    const result = await setUp();
    expect(codes(result)).toEqual(['engine/pip-missing']);
    expect(result.notes[0]?.why).toContain(path.join(machine.tools, 'python3'));
  });

  test('Python without pip that can make a private environment', async () => {
    machine.goodCompiler();
    machine.goodPython();
    const pip = readFileSync(path.join(machine.tools, 'python3'), 'utf8');
    writeFileSync(path.join(machine.tools, 'own-python'), pip, { mode: 0o755 });
    machine.tool(
      'python3',
      `case "$*" in
        "-c "*) echo 3.11 ;;
        "-m venv "*) log venv; /bin/mkdir -p "$3/bin"; /bin/cp '${machine.tools}/own-python' "$3/bin/python" ;;
        *) exit 1 ;;
      esac`,
    );
    expect((await setUp()).installation).not.toBeNull();
    expect(machine.calls()).toEqual(['venv', 'pip download', 'g++']);
  });

  test('no compiler: known before anything is downloaded', async () => {
    machine.goodPython();
    const result = await setUp();
    expect(codes(result)).toEqual(['engine/compiler-missing']);
    expect(machine.calls()).toEqual([]);
  });

  test('neither: both are said at once, and found as soon as they are there', async () => {
    expect(codes(await setUp()).sort()).toEqual(['engine/compiler-missing', 'engine/python-missing']);
    machine.goodPython();
    machine.goodCompiler();
    expect((await setUp()).installation).not.toBeNull();
  });

  test('no network: pip says so; it is not asked again at every start, but when told to', async () => {
    machine.goodCompiler();
    machine.tool(
      'python3',
      `case "$*" in
        *"pip --version"*) echo "pip 23.0 from here" ;;
        *) log 'pip download'; echo 'ERROR: no route to host' >&2; echo '[notice] a new pip' >&2; exit 1 ;;
      esac`,
    );
    const first = await setUp();
    expect(codes(first)).toEqual(['engine/download-failed']);
    expect(first.notes[0]?.why).toContain('no route to host');
    expect(await setUp()).toEqual(first);
    expect(machine.calls()).toHaveLength(1);
    machine.goodPython();
    expect((await setUp({ retry: true })).installation).not.toBeNull();
  });

  test('another file than the pinned one', async () => {
    machine.goodCompiler();
    machine.goodPython();
    const target = machine.lock.targets[`${process.platform}-${process.arch}-cpu`];
    const wheel = target?.wheels[0];
    if (!wheel) throw new Error('the fake machine has one wheel');
    wheel.sha256 = '0'.repeat(64);
    const result = await setUp();
    expect(codes(result)).toEqual(['engine/wheel-corrupt']);
    expect(result.notes[0]?.why).toContain('0'.repeat(64));
    expect(readdirSync(path.join(machine.cache, 'engine', 'downloads'))).toEqual([]);
    expect(machine.calls()).not.toContain('g++');
  });

  test('a compiler that fails: its first error is shown and the rest kept', async () => {
    machine.goodPython();
    machine.tool('g++', "echo 'x.cc: error: no such thing' >&2; exit 1");
    const result = await setUp();
    expect(codes(result)).toEqual(['engine/compile-failed']);
    expect(result.notes[0]?.why).toContain('x.cc: error: no such thing');
    const log = /is in (\S+compile\.log)/.exec(result.notes[0]?.fix ?? '')?.[1];
    expect(readFileSync(log ?? '', 'utf8')).toContain('no such thing');
  });

  test('a full disk', async () => {
    machine.goodPython();
    machine.goodCompiler();
    const target = machine.lock.targets[`${process.platform}-${process.arch}-cpu`];
    if (!target) throw new Error('the fake machine has one target');
    target.unpackedBytes = 1e15;
    const result = await setUp();
    expect(codes(result)).toEqual(['engine/disk-full']);
    expect(result.notes[0]?.why).toContain('needs 1000000.0 GB free');
    expect(machine.calls()).toEqual([]);
  });

  test('pip that runs out of disk', async () => {
    machine.goodCompiler();
    machine.tool(
      'python3',
      `case "$*" in
        *"pip --version"*) echo "pip 23.0 from here" ;;
        *) echo 'ERROR: Could not install: [Errno 28] No space left on device' >&2; exit 1 ;;
      esac`,
    );
    expect(codes(await setUp())).toEqual(['engine/disk-full']);
  });

  test('a cache folder that cannot be one', async () => {
    writeFileSync(machine.cache, 'a file is in the way');
    const result = await setUp();
    expect(codes(result)).toEqual(['engine/cache-unwritable']);
    expect(result.notes[0]?.fix).toContain('RESYNTH_CACHE=');
  });

  test('a platform without libraries', async () => {
    machine.lock.targets = {};
    const result = await setUp();
    expect(codes(result)).toEqual(['engine/platform-unsupported']);
    expect(result.notes[0]?.why).toContain(`${process.platform} ${process.arch}`);
  });

  test('TensorFlow turned off', async () => {
    vi.stubEnv('RESYNTH_TENSORFLOW', 'none');
    expect(codes(await setUp())).toEqual(['engine/turned-off']);
  });
});

describe('several processes', () => {
  const script = path.join(import.meta.dirname, 'install-process.ts');

  function start(): { child: ChildProcess; said: (text: string) => Promise<void>; ended: Promise<string> } {
    const child = spawn(process.execPath, [script, machine.lockFile], { env: machine.env });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<string>((resolve) => child.on('close', () => resolve(output)));
    const said = (text: string) =>
      vi.waitFor(() => expect(output).toContain(text), { timeout: 10_000, interval: 20 });
    return { child, said: async (text) => void (await said(text)), ended };
  }

  test('killed in the middle of the download, the next start goes on and clears up', async () => {
    machine.goodPython(5);
    machine.goodCompiler();
    const { child, said, ended } = start();
    await said('progress Downloading');
    await vi.waitFor(() => expect(machine.calls()).toContain('pip download'));
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(staging())).toHaveLength(1);
    expect(existsSync(path.join(machine.cache, 'engine', 'tensorflow'))).toBe(false);

    machine.goodPython();
    const result = await setUp();
    expect(result.notes).toEqual([]);
    expect(result.installation).not.toBeNull();
    expect(readdirSync(staging())).toEqual([]);
  });

  test('two at once: one works, the other waits and finds it done', async () => {
    machine.goodPython(1);
    machine.goodCompiler();
    const outputs = await Promise.all([start().ended, start().ended]);
    const results = outputs.map((output) => /^result (.*)$/m.exec(output)?.[1]);
    expect(results[0]).toBeDefined();
    expect(results[1]).toBe(results[0]);
    expect(outputs.filter((output) => output.includes('Waiting for another process'))).toHaveLength(1);
    expect(machine.calls()).toEqual(['pip download', 'g++']);
  });
});

test('of a wheel only libraries, C headers and licences are kept', () => {
  for (const name of [
    'tensorflow/libtensorflow_cc.so.2',
    'tensorflow/libtensorflow_framework.2.dylib',
    'tensorflow/include/tensorflow/c/eager/c_api.h',
    'tensorflow/include/tsl/platform/ctstring.h',
    'tensorflow.libs/libomp-6196b3b5.so.5',
    'nvidia/cublas/lib/libcublas.so.12',
    'nvidia/cuda_nvcc/bin/ptxas',
    'nvidia_cublas_cu12-12.5.3.2.dist-info/License.txt',
  ]) {
    expect(isNeeded(name), name).toBe(true);
  }
  for (const name of [
    'tensorflow/python/_pywrap_tensorflow_internal.so',
    'tensorflow/include/Eigen/Core',
    'nvidia/cublas/include/cublas.h',
    'tensorflow_cpu-2.18.1.dist-info/RECORD',
  ]) {
    expect(isNeeded(name), name).toBe(false);
  }
});

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const entry = path.resolve(import.meta.dirname, '../../src-main/cli/index.ts');
const execute = promisify(execFile);

/** What a command of the real command line printed as JSON, run in a process of its own on `home`; rejects where it failed. */
export async function askCommandLine<T>(home: string, ...argv: string[]): Promise<T> {
  const { stdout } = await execute(process.execPath, [entry, ...argv, '--home', home, '--json'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as T;
}

import { spawn } from 'node:child_process';

export interface ToolResult {
  /** Exit code; null if a signal ended it or it could not be started. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end and keeps what it said. A program that cannot be started is a result, not an exception:
 * code null and the reason in stderr. `signal` ends it.
 */
export function runTool(
  program: string,
  args: readonly string[],
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    signal?: AbortSignal | undefined;
    timeoutMs?: number;
  } = {},
): Promise<ToolResult> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      signal: options.signal,
      timeout: options.timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => resolve({ code: null, stdout, stderr: `${stderr}${error.message}` }));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The last line that says something, for a one-line reason. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (
    lines.filter((line) => line !== '' && !/^(\[notice\]|WARNING)/.test(line)).at(-1) ?? 'it said nothing'
  );
}

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  ResynthError,
  asResynthError,
  type SerialisedError,
} from '../../../src-preload/contract/errors/error.ts';
import { openBackend, type BackendRequest } from './open.ts';

/** Whether a backend opens here: its device, or why not. */
export type ProbeResult = { device: string; deviceName: string } | { error: ResynthError };

/**
 * Tries a backend in a process of its own: only one can be open in a process, and a graphics driver that crashes takes
 * nothing with it.
 */
export function probeBackend(request: BackendRequest, timeoutMs = 30_000): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(request)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const failed = (detail: string) =>
      resolve({ error: new ResynthError('internal/unexpected', { detail }) });
    child.on('error', (error) => failed(error.message));
    child.on('close', (code, signal) => {
      const answer = output.split('\n').find((line) => line.startsWith(marker));
      if (!answer) {
        failed(`trying the backend ended with ${signal ?? code}`);
        return;
      }
      const parsed = JSON.parse(answer.slice(marker.length)) as
        { device: string; deviceName: string } | { error: SerialisedError };
      resolve('error' in parsed ? { error: ResynthError.from(parsed.error) } : parsed);
    });
  });
}

// Drivers write what they like to stdout: our line is told apart by this.
const marker = 'resynth-probe:';

async function main(request: BackendRequest): Promise<void> {
  const answer = await openBackend(request).then(
    ({ device, deviceName }) => ({ device, deviceName }),
    (error: unknown) => ({ error: asResynthError(error).toJSON() }),
  );
  process.stdout.write(`${marker}${JSON.stringify(answer)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(JSON.parse(process.argv[2] ?? '{}') as BackendRequest);
  // Dawn's threads would keep the process waiting.
  process.exit(0);
}

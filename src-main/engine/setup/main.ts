import { parseArgs } from 'node:util';
import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import { ensureInstallation } from './install.ts';

/**
 * The set-up as a process of its own, started by the scripts. Each line on stdout is JSON: {"progress": ProgressEvent} and,
 * at the end, {"result": SetupResult}. What the machine lacks is in the result's notes and is no failure.
 */
const { values } = parseArgs({
  options: { retry: { type: 'boolean', default: false }, reinstall: { type: 'boolean', default: false } },
});
const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => cancelled.abort());

let lastMs = 0;
let lastStage = '';
const line = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
try {
  const result = await ensureInstallation(
    (event) => {
      const finished = event.done !== undefined && event.done === event.total;
      if (event.stage === lastStage && !finished && Date.now() - lastMs < 100) return;
      lastStage = event.stage;
      lastMs = Date.now();
      line({ progress: event });
    },
    { retry: values.retry, reinstall: values.reinstall, signal: cancelled.signal },
  );
  line({ result });
} catch (thrown) {
  const error = asResynthError(thrown);
  if (error.code === 'internal/cancelled') {
    // As shells report an interruption: the script that started us stops too.
    process.exitCode = 130;
  } else {
    process.stderr.write(`${error.message}\n  ${error.remedy}\n`);
    process.exitCode = 1;
  }
}

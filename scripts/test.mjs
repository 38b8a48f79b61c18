/** `npm test`: set-up, then the tests. `--full` adds the long trainings; everything else is passed on to vitest. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bootstrap, root, run } from './bootstrap.mjs';

const args = process.argv.slice(2);
const full = args.includes('--full');
const node = await bootstrap();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'resynth-tests-'));
const report = path.join(folder, 'report.json');
try {
  const status = await run(
    node,
    [
      path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args.filter((argument) => argument !== '--full'),
    ],
    { cwd: root, env: { ...process.env, ...(full ? { RESYNTH_TEST_FULL: '1' } : {}) } },
  );
  console.log(summary());
  process.exitCode = status === 0 ? 0 : typeof status === 'number' ? status : 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** The last line, to be read by people and machines alike. A file that could not be loaded counts as one failure. */
function summary() {
  if (!fs.existsSync(report)) return 'The tests did not run to their end.';
  const { testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) counts.failed++;
    for (const { status } of file.assertionResults) counts[status in counts ? status : 'skipped']++;
  }
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

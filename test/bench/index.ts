/**
 * `npm run bench [-- section ...] [--json] [--out FILE] [--threads N] [--data DIR] [--only NET]`: speed, memory and quality against our
 * own PyTorch twins (torch/), as ratios within one run. Without PyTorch the ratios say why they are missing.
 * Exit code 1 where a target is missed.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { openBackend } from '../../src-main/engine/backends/open.ts';
import { engineProcessEnvironment } from '../../src-main/engine/process-environment.ts';
import { formatTable } from './report.ts';
import type { BenchReport, BenchRow } from './report.ts';
import { findTorch } from './twin.ts';
import { sections } from './sections.ts';

// The C library reads this when a process starts: ours run as the trainer does, and the PyTorch twins inherit it.
const environment = engineProcessEnvironment();
if (environment.GLIBC_TUNABLES !== process.env.GLIBC_TUNABLES) {
  const again = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: environment,
    stdio: 'inherit',
  });
  process.exit(again.status ?? 1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    threads: { type: 'string' },
    data: { type: 'string' },
    only: { type: 'string' },
  },
});

const unknown = positionals.filter((name) => !(name in sections));
if (unknown.length > 0) {
  console.error(
    `There is no section ${unknown.join(', ')}. The sections are: ${Object.keys(sections).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = positionals.length > 0 ? positionals : Object.keys(sections);

const threads = values.threads === undefined ? undefined : Number(values.threads);
const opened = await openBackend({ threads });
const torch = findTorch();
const rows: BenchRow[] = [];
for (const name of chosen) {
  const section = sections[name];
  if (!section) continue;
  rows.push(
    ...(await section({
      // PyTorch gets as many threads as we have.
      threads: opened.threads?.intraOp ?? os.availableParallelism(),
      dataFolder: values.data,
      only: values.only,
      progress: (message) => process.stderr.write(`${message}\n`),
    })),
  );
}

const report: BenchReport = {
  machine: {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    node: process.versions.node,
  },
  engine: {
    backend: opened.kind,
    device: opened.deviceName,
    tensorflow: opened.versions.tensorflow ?? 'none',
    threads: String(opened.threads?.intraOp ?? 'automatic'),
    torch: 'torch' in torch ? torch.torch : torch.missing,
  },
  rows,
};
const json = `${JSON.stringify(report, null, 2)}\n`;
if (values.out !== undefined) writeFileSync(values.out, json);
if (values.json) process.stdout.write(json);
else {
  const { backend, device, tensorflow, threads: count, torch: twin } = report.engine;
  process.stdout.write(`${device}: ${backend} ${tensorflow}, ${count} threads; PyTorch: ${twin}\n\n`);
  process.stdout.write(`${formatTable(rows)}\n`);
}
// TensorFlow's threads would keep the process alive.
process.exit(rows.some((row) => row.ok === false) ? 1 : 0);

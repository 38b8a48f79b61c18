/**
 * `npm run bench [-- section ...] [--json] [--out FILE] [--threads N] [--data DIR] [--only NAME] [--minutes N] [--home DIR]
 * [--epochs N] [--seeds N] [--readme]`: speed, memory and quality against our own PyTorch twins (torch/), as ratios within one run, and the
 * speed of the window (app/).
 * Without PyTorch the ratios say why they are missing. Exit code 1 where a target is missed.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { formatTable } from './report.ts';
import type { BenchReport, BenchRow } from './report.ts';
import { sections } from './sections.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    threads: { type: 'string' },
    data: { type: 'string' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '2' },
    home: { type: 'string' },
    epochs: { type: 'string' },
    seeds: { type: 'string' },
    readme: { type: 'boolean', default: false },
  },
});

function refuse(reason: string): never {
  console.error(reason);
  process.exit(2);
}

const unknown = positionals.filter((name) => !(name in sections));
if (unknown.length > 0) {
  refuse(`There is no section ${unknown.join(', ')}. The sections are: ${Object.keys(sections).join(', ')}.`);
}
const minutes = Number(values.minutes);
if (!(minutes > 0)) refuse(`--minutes takes a number above zero, not ${values.minutes}.`);
const countOf = (option: 'epochs' | 'seeds'): number | undefined => {
  const given = values[option];
  if (given === undefined) return undefined;
  const count = Number(given);
  if (!(Number.isSafeInteger(count) && count > 0)) {
    refuse(`--${option} takes a whole number above zero, not ${given}.`);
  }
  return count;
};
const [epochs, seeds] = [countOf('epochs'), countOf('seeds')];
const chosen = Object.entries(sections).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
const engine = chosen.some(([, section]) => section.engine) ? await openEngine() : null;

const rows: BenchRow[] = [];
for (const [, section] of chosen) {
  const measure = await section.load();
  rows.push(
    ...(await measure({
      // PyTorch gets as many threads as we have.
      threads: engine?.threads ?? os.availableParallelism(),
      dataFolder: values.data,
      only: values.only,
      home: values.home,
      epochs,
      seeds,
      readme: values.readme,
      minutes,
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
  engine: engine?.about ?? {},
  rows,
};
const json = `${JSON.stringify(report, null, 2)}\n`;
if (values.out !== undefined) writeFileSync(values.out, json);
if (values.json) process.stdout.write(json);
else {
  const { cpu, cores, node } = report.machine;
  process.stdout.write(`${cpu}, ${cores} cores, Node ${node}${engine ? `; ${engine.line}` : ''}\n\n`);
  process.stdout.write(`${formatTable(rows)}\n`);
}
// TensorFlow's threads would keep the process alive.
process.exit(rows.some((row) => row.ok === false) ? 1 : 0);

/** Opens TensorFlow in this process, and looks for PyTorch beside it. */
async function openEngine() {
  const { engineProcessEnvironment } = await import('../../src-main/engine/process-environment.ts');
  // The C library reads this when a process starts: ours run as the trainer does, and the PyTorch twins inherit it.
  const environment = engineProcessEnvironment();
  if (environment.GLIBC_TUNABLES !== process.env.GLIBC_TUNABLES) {
    const again = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
      env: environment,
      stdio: 'inherit',
    });
    process.exit(again.status ?? 1);
  }
  const { openBackend } = await import('../../src-main/engine/backends/open.ts');
  const { findTorch } = await import('./twin.ts');
  const opened = await openBackend({
    threads: values.threads === undefined ? undefined : Number(values.threads),
  });
  const torch = findTorch();
  const about = {
    backend: opened.kind,
    device: opened.deviceName,
    tensorflow: opened.versions.tensorflow ?? 'none',
    threads: String(opened.threads?.intraOp ?? 'automatic'),
    torch: 'torch' in torch ? torch.torch : torch.missing,
  };
  const line = `${about.backend} ${about.tensorflow}, ${about.threads} threads; PyTorch: ${about.torch}`;
  return { threads: opened.threads?.intraOp, about, line };
}

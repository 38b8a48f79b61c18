import type { DoctorReport } from '../../src-preload/contract/commands/doctor.ts';

/** The report for people: plain lines, no colour, no width assumed. */
export function renderDoctor(report: DoctorReport): string {
  const { machine, versions, threads, speed } = report;
  const rows: [string, string][] = [
    ['Engine', `${engineName(report)} on ${report.deviceName} (${report.device})`],
    [
      'Threads',
      threads
        ? `${threads.intraOp} inside an operation; operations at a time: ${threads.interOp}`
        : 'its own',
    ],
    ['Repeatable', report.deterministic ? 'yes: same build, device and threads give the same bits' : 'no'],
    [
      'Processor',
      `${machine.processor}, ${machine.physicalCores} cores (${machine.logicalCores} threads)` +
        (machine.simd ? `, ${machine.simd}` : '') +
        (machine.clockGigahertz ? `, ${machine.clockGigahertz.toFixed(1)} GHz` : ''),
    ],
    ['Memory', `${gigabytes(machine.memoryBytes)} GB, ${gigabytes(machine.freeMemoryBytes)} GB free`],
    [
      'Versions',
      `Resynth ${versions.resynth}, Node ${versions.node}, tfjs ${versions.tfjs}` +
        (versions.tensorflow ? `, TensorFlow ${versions.tensorflow}` : '') +
        (versions.nvidiaDriver ? `, NVIDIA driver ${versions.nvidiaDriver}` : ''),
    ],
    ['System', versions.os],
    ['Libraries', librariesLine(report)],
  ];
  if (speed) {
    for (const { work, gigaflops, shareOfPeak } of [speed.matmul, speed.conv2d]) {
      const share =
        shareOfPeak === null
          ? ''
          : `, ${(shareOfPeak * 100).toFixed(0)} % of the ${report.estimatedPeakGigaflops?.toFixed(0)} GFLOP/s estimated for these cores`;
      rows.push(['Speed', `${gigaflops.toPrecision(3)} GFLOP/s, ${work}${share}`]);
    }
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);

  lines.push('', 'Backends, best first');
  for (const { backend, available, detail, lacks } of report.backends) {
    lines.push(`  ${available ? 'yes' : 'no '}  ${backend.padEnd(16)} ${detail}`);
    if (lacks) lines.push(`       ${''.padEnd(16)} ${lacks.fix}`);
  }
  const shown = report.backends.flatMap(({ lacks }) => (lacks ? [lacks.why] : []));
  for (const note of report.notes.filter(({ why }) => !shown.includes(why))) {
    lines.push('', `${note.missing}: ${note.why}`, `  ${note.fix}`);
  }
  return lines.join('\n');
}

function engineName(report: DoctorReport): string {
  return { tensorflow: 'TensorFlow', webgpu: 'WebGPU', javascript: 'plain JavaScript' }[report.backend];
}

function librariesLine({ libraries, cacheFolder }: DoctorReport): string {
  if (!libraries) return `TensorFlow is not installed in ${cacheFolder}`;
  const state =
    libraries.intact === null
      ? 'checked by size and time'
      : libraries.intact
        ? 'every byte checked'
        : 'CHANGED';
  return `${libraries.folder} (${state})`;
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

import path from 'node:path';
import type { DemoOutput } from '../../../src-preload/contract/commands/demo.ts';
import type { ModelUsed, ReconstructOutput } from '../../../src-preload/contract/commands/reconstruct.ts';
import type { SampleOutput } from '../../../src-preload/contract/commands/sample.ts';
import { oneLine, pairs, table } from '../layout.ts';
import { duration, significant } from '../numbers.ts';

/** A line a clip, and what code widths cost on average. */
export function renderReconstruct(output: unknown, columns: number): string[] {
  const result = output as ReconstructOutput;
  const { clips, failed } = result;
  const lines = [...modelLines(result.model)];
  if (clips.length > 0) {
    lines.push(
      '',
      `Errors at ${result.bits} bits a number; LSD is the log-spectral distance over spoken frames`,
      ...table(
        [
          { title: 'clip' },
          { title: 'spoken', align: 'right' },
          { title: 'MSE', align: 'right' },
          { title: 'LSD', align: 'right' },
          ...result.clips[0]!.reconstruction.map((audio) => ({
            title: `heard: ${audio.method}`,
            align: 'right' as const,
          })),
          ...result.clips[0]!.ceiling.map((audio) => ({
            title: `ceiling: ${audio.method}`,
            align: 'right' as const,
          })),
          { title: 'KL', align: 'right' },
          { title: 'kb/s spoken', align: 'right' },
        ],
        clips.map((clip) => [
          clip.name,
          `${clip.spokenSec.toFixed(2)} s`,
          significant(clip.error.mse, 3),
          `${clip.error.lsdSpokenFramesDb.toFixed(1)} dB`,
          ...[...clip.reconstruction, ...clip.ceiling].map(
            (audio) => `${audio.error.lsdSpokenFramesDb.toFixed(1)} dB`,
          ),
          `${clip.klNats.toFixed(0)} nats`,
          clip.codeWidths
            .find((width) => width.bitsPerCodeNumber === result.bits)
            ?.spoken?.kilobitsPerSecond.toFixed(2) ?? '-',
        ]),
        columns,
      ),
      ...(clips.some(({ codeWidths }) => codeWidths.length > 0)
        ? ['', 'What fewer bits cost, mean over the clips', ...widthTable(result)]
        : []),
    );
  }
  for (const one of failed) lines.push('', `failed: ${oneLine(one.message)}`, `  ${oneLine(one.remedy)}`);
  return [...lines, '', `Audio, pictures and results.json are in ${oneLine(result.folder)}`];
}

function widthTable({ clips }: ReconstructOutput): string[] {
  const rows = (clips[0]?.codeWidths ?? []).map(({ bitsPerCodeNumber, padded }, index) => {
    const widths = clips.flatMap((clip) => clip.codeWidths[index] ?? []);
    const mean = (value: (width: (typeof widths)[number]) => number): number =>
      widths.reduce((sum, width) => sum + value(width), 0) / widths.length;
    return [
      String(bitsPerCodeNumber),
      padded.text,
      significant(
        mean((width) => width.error.mse),
        3,
      ),
      `${mean((width) => width.error.lsdSpokenFramesDb).toFixed(2)} dB`,
    ];
  });
  return table(
    [
      { title: 'bits', align: 'right' },
      { title: 'bitrate' },
      { title: 'MSE', align: 'right' },
      { title: 'LSD', align: 'right' },
    ],
    rows,
  );
}

export function renderSample(output: unknown): string[] {
  const result = output as SampleOutput;
  return [
    ...modelLines(result.model),
    '',
    `${result.samples.length} samples, ${result.minDb} to ${result.maxDb} dB, are in ${oneLine(result.folder)}`,
    ...result.samples.map((one) => `  ${path.basename(one.audio)}`),
    `  ${path.basename(result.contactSheet)} shows ${result.samples.length > 96 ? 'the first 96' : 'all'}`,
  ];
}

function modelLines(model: ModelUsed): string[] {
  return pairs([
    ['run', `${oneLine(model.name)} (${model.run}), ${model.preset}`],
    ['checkpoint', `step ${model.step}, epoch ${model.epoch}`],
    ['engine', `${model.backend} on ${model.device}, ${model.mode}`],
  ]);
}

/** The page's address first: it is what one came for. */
export function renderDemo(output: unknown): string[] {
  const result = output as DemoOutput;
  return [
    result.reused ? 'The demo is ready (made before). Open its page:' : 'The demo is ready. Open its page:',
    '',
    `  ${result.address}`,
    '',
    ...pairs([
      [
        'model',
        `${result.preset}, ${result.epochs} epochs in ${duration(result.trainedSec)} on ${oneLine(result.dataset)}`,
      ],
      ['validation MSE', result.validationMse === null ? 'not measured' : significant(result.validationMse)],
      ['to hear', `${result.clips} reconstructions, ${result.samples} samples`],
    ]),
    ...result.notes.map((note) => `note: ${oneLine(note)}`),
    '',
    'Go on with',
    ...result.next.map((command) => `  ${command}`),
    `  npm run demo -- --again`,
  ];
}

import path from 'node:path';
import type { z } from 'zod';
import type { recordingsCut, recordingsPlan } from '../../../src-preload/contract/commands/recorder.ts';
import { oneLine, pairs, table } from '../layout.ts';

/** A line a recording that was cut out, and where they are. */
export function renderCut(output: unknown, columns: number): string[] {
  const { folder, thresholdDb, noiseDb, takes, warnings } = output as z.output<typeof recordingsCut.output>;
  const right = 'right' as const;
  return [
    ...table(
      [
        { title: 'prompt' },
        { title: 'file' },
        { title: 'from', align: right },
        { title: 'length', align: right },
        { title: 'gain', align: right },
        { title: 'level', align: right },
        { title: 'peak', align: right },
        { title: '' },
      ],
      takes.map((take) => [
        oneLine(take.prompt),
        path.relative(folder, take.file),
        `${take.fromSec.toFixed(2)} s`,
        `${take.durationSec.toFixed(2)} s`,
        `${take.gainDb.toFixed(1)} dB`,
        `${take.levelDb.toFixed(1)} dBFS`,
        `${take.peakDb.toFixed(1)} dBFS`,
        take.limited ? 'as loud as its peaks allow' : '',
      ]),
      columns,
    ),
    '',
    `Cut above ${thresholdDb.toFixed(1)} dBFS (noise ${noiseDb.toFixed(1)} dBFS); the files are in ${oneLine(folder)}`,
    ...warnings.map((warning) => `note: ${warning}`),
  ];
}

/** Which takes of each prompt are there. */
export function renderPlan(output: unknown, columns: number): string[] {
  const { folder, recorded, missing, prompts } = output as z.output<typeof recordingsPlan.output>;
  const numbers = (takes: (typeof prompts)[number]['takes'], wanted: boolean): string =>
    takes
      .filter((take) => take.recorded === wanted)
      .map(({ take }) => take)
      .join(' ') || '-';
  return [
    ...table(
      [{ title: 'prompt' }, { title: 'label' }, { title: 'recorded' }, { title: 'missing' }],
      prompts.map(({ prompt, label, takes }) => [
        oneLine(prompt),
        label,
        numbers(takes, true),
        numbers(takes, false),
      ]),
      columns,
    ),
    '',
    ...pairs([
      ['recorded', String(recorded)],
      ['missing', String(missing)],
      ['folder', oneLine(folder)],
    ]),
  ];
}

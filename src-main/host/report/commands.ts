import path from 'node:path';
import {
  reportCompare,
  type ReportOutput,
  reportRun,
} from '../../../src-preload/contract/commands/report.ts';
import { commandLine } from '../../../src-preload/contract/command-line.ts';
import { factTitle } from '../../../src-preload/contract/comparison/fact-titles.ts';
import { differencesOf } from '../../../src-preload/contract/comparison/differences.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { formatSetting } from '../../models/overrides.ts';
import { factsOf } from '../runs/runs-compare.ts';
import type { HostContext, HostHandler } from '../services.ts';
import { collectListening } from './clip-media.ts';
import { comparedCurves } from './curves.ts';
import type { ComparisonReportData, ReportRun } from './data.ts';
import { fileNamePart } from '../../../src-preload/contract/file-names.ts';
import { comparisonReportPage, runReportPage } from './page.ts';
import { homeOption, reportRunOf } from './run-facts.ts';

/** The commands that write reports. */

/** A window gets the page over its line, whose messages are at most 64 MiB. */
const mostSentBytes = 60e6;

export const handleReportRun: HostHandler<typeof reportRun> = async (input, context) => {
  const told = await reportRunOf(input.run, context);
  const listening = await collectListening(
    [{ id: told.id, title: 'Reconstruction' }],
    listeningOptions(input),
    context,
  );
  const { out: _out, ...asked } = input;
  const fileName = `${fileNamePart(told.name)}.html`;
  const again = commandLine(reportRun, { ...asked, run: told.id, out: fileName }, homeOption(context));
  const run = { ...told, commands: [...told.commands, { what: 'Write this report', command: again }] };
  const html = runReportPage({ madeAt: new Date(), run, listening });
  return written(input.out, html, {
    title: told.name,
    fileName,
    clips: listening.clips.length,
    notes: listening.notes,
  });
};

export const handleReportCompare: HostHandler<typeof reportCompare> = async (input, context) => {
  const told: ReportRun[] = [];
  for (const which of input.runs) {
    const run = await reportRunOf(which, context);
    if (told.some(({ id }) => id === run.id)) throw new ResynthError('report/same-run', { name: run.name });
    told.push(run);
  }
  const runs = told.map((run, at) => ({ letter: String.fromCharCode(65 + at), run }));
  const titled = runs.map(({ letter, run }) => ({ id: run.id, title: `${letter}: ${run.name}` }));
  const listening = await collectListening(titled, listeningOptions(input), context);
  const fileName = `${told
    .map(({ name }) => fileNamePart(name))
    .slice(0, 3)
    .join('-vs-')}.html`;
  const { out: _out, ...asked } = input;
  const html = comparisonReportPage({
    madeAt: new Date(),
    runs,
    listening,
    differences: await differences(told, context),
    metrics: metricsOf(told),
    curves: await comparedCurves(
      titled.map(({ id, title }) => ({ id, name: title })),
      context,
    ),
    command: commandLine(
      reportCompare,
      { ...asked, runs: told.map(({ id }) => id), out: fileName },
      homeOption(context),
    ),
  });
  return written(input.out, html, {
    title: told.map(({ name }) => name).join(', '),
    fileName,
    clips: listening.clips.length,
    notes: listening.notes,
  });
};

function listeningOptions({
  step,
  clips,
  maxAudioMb,
}: {
  step?: number | undefined;
  clips: number;
  maxAudioMb: number;
}) {
  return { step, clips, mostAudioBytes: maxAudioMb * 1e6 };
}

async function differences(
  runs: readonly ReportRun[],
  { services }: HostContext,
): Promise<ComparisonReportData['differences']> {
  const facts = [];
  for (const { id } of runs) facts.push(factsOf((await services.trainers.resolve(id)).record));
  const titles = new Map(runs.flatMap(({ settingTitles }) => [...settingTitles]));
  return differencesOf(facts).map(({ key, values }) => ({
    title: factTitle(key, titles),
    values: values.map((value) => (value === undefined || value === null ? '–' : formatSetting(value))),
  }));
}

/** Rows that any of the runs has, in the order in which they first come. */
function metricsOf(runs: readonly ReportRun[]): ComparisonReportData['metrics'] {
  const rows = new Map<string, { split: string; key: string }>();
  for (const { metrics } of runs) {
    for (const { split, key } of metrics) rows.set(JSON.stringify([split, key]), { split, key });
  }
  return [...rows.values()].map(({ split, key }) => ({
    split,
    key,
    values: runs.map(({ metrics }) => metrics.find((row) => row.split === split && row.key === key) ?? null),
  }));
}

async function written(
  out: string | undefined,
  html: string,
  told: Pick<ReportOutput, 'title' | 'fileName' | 'clips' | 'notes'>,
): Promise<ReportOutput> {
  const bytes = new TextEncoder().encode(html);
  if (out === undefined) {
    if (bytes.length > mostSentBytes) {
      throw new ResynthError('report/too-large', { size: Math.round(bytes.length / 1e6) });
    }
    return { ...told, file: null, html: bytes, bytes: bytes.length };
  }
  const file = path.resolve(out);
  await writeFileAtomic(file, bytes);
  return { ...told, file, html: null, bytes: bytes.length };
}

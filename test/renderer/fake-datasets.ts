import type { z } from 'zod';
import { corpusMake } from '../../src-preload/contract/commands/corpus.ts';
import {
  type datasetSummarySchema,
  type skippedEntrySchema,
  datasetsAdd,
  datasetsDetect,
  datasetsList,
  datasetsRelink,
  datasetsRemove,
  datasetsRename,
  datasetsRescan,
  datasetsRestore,
  datasetsShow,
  datasetsSkipped,
  datasetsSplit,
} from '../../src-preload/contract/commands/datasets.ts';
import { foldersBrowse, foldersComplete } from '../../src-preload/contract/commands/folders.ts';
import {
  recordingsList,
  recordingsPeaks,
  recordingsShow,
  recordingsSound,
  recordingsSpectrogram,
  recordingsTile,
  recordingsStats,
} from '../../src-preload/contract/commands/recordings.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { datasetChanged, datasetRemoved } from '../../src-preload/contract/events/datasets.ts';
import { answerAnalysis } from './fake-analysis.ts';
import type { FakeHost } from './fake-host.ts';
import { type FakeCorpus, FakeRecordings } from './fake-recordings.ts';
import { fakePeaks, fakePicture, fakeSamples, fakeSound } from './fake-sound.ts';

type Summary = z.output<typeof datasetSummarySchema>;
type Skipped = z.output<typeof skippedEntrySchema>;

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const hash = 'a3f1'.repeat(16);

export const fsddCorpus: FakeCorpus = {
  count: 3000,
  speakers: ['george', 'jackson', 'lucas', 'nicolas', 'theo', 'yweweler'],
  labels: digits,
  sampleRateHz: 8000,
  meanSec: 0.43,
  transcripts: false,
};

export const bigCorpus: FakeCorpus = {
  count: 300_000,
  speakers: Array.from({ length: 1166 }, (_, at) => String(14 + at * 7)),
  labels: [],
  sampleRateHz: 16_000,
  meanSec: 11.5,
  transcripts: true,
};

/** Datasets over folders that are not there. */
export class FakeDatasets {
  readonly host: FakeHost;
  readonly recordings = new Map<string, FakeRecordings>();
  readonly summaries = new Map<string, Summary>();
  readonly removed = new Map<string, Summary>();
  readonly skipped = new Map<string, Skipped[]>();
  /** How long indexing takes. */
  indexMs = 4000;

  constructor(host: FakeHost) {
    this.host = host;
    this.#answer();
    answerAnalysis(host, {
      rowsOf: (which) => this.#of(which).rows,
      excluded: (which, count) => void this.#change(this.#find(which).id, { excludedRecordings: count }),
    });
  }

  add(id: string, name: string, folder: string, corpus: FakeCorpus, part: Partial<Summary> = {}): Summary {
    const recordings = new FakeRecordings(corpus);
    this.recordings.set(id, recordings);
    const train = Math.round(corpus.count * 0.8);
    const validation = Math.round(corpus.count * 0.1);
    const durationSec = corpus.count * corpus.meanSec * 1.1;
    const skipped = Array.from({ length: corpus.transcripts ? 214 : 3 }, (_, at) => skippedEntry(at));
    this.skipped.set(id, skipped);
    const summary: Summary = {
      id,
      name,
      folder,
      reachable: true,
      manifest: null,
      layout: corpus.transcripts ? 'folder' : 'fsdd',
      layoutNote: corpus.transcripts
        ? 'Any tree: the first folder is taken as the speaker.'
        : '{digit}_{speaker}_{index}.wav, as the Free Spoken Digit Dataset has them.',
      recordings: corpus.count,
      skippedFiles: skipped.length,
      excludedRecordings: 0,
      warnedRecordings: 0,
      silentRecordings: Math.floor(corpus.count / 9973),
      durationSec,
      hours: durationSec / 3600,
      speakers: [...corpus.speakers],
      labels: [...corpus.labels],
      splits: { train, validation, test: corpus.count - train - validation },
      splitNote: corpus.transcripts
        ? 'Stratified by seed 0: 80 / 10 / 10 %.'
        : 'Recordings 0 to 4 of each speaker and digit are the test set, as the corpus says.',
      splitHash: hash,
      bytes: durationSec * corpus.sampleRateHz * 2,
      createdMs: Date.now() - 9 * 86_400_000,
      scannedMs: Date.now() - 3 * 3_600_000,
      ...part,
    };
    this.summaries.set(id, summary);
    this.host.hub.publish(datasetChanged, { dataset: summary });
    return summary;
  }

  #change(id: string, part: Partial<Summary>): Summary {
    const summary = { ...this.#find(id), ...part };
    this.summaries.set(id, summary);
    this.host.hub.publish(datasetChanged, { dataset: summary });
    return summary;
  }

  #find(which: string): Summary {
    const found = this.summaries.get(which) ?? [...this.summaries.values()].find((one) => one.name === which);
    if (!found) throw new ResynthError('dataset/unknown', { name: which });
    return found;
  }

  #of(which: string): FakeRecordings {
    const found = this.recordings.get(this.#find(which).id);
    if (!found) throw new ResynthError('dataset/unknown', { name: which });
    return found;
  }

  #samples(which: string, recording: string): { samples: Float32Array<ArrayBuffer>; sampleRateHz: number } {
    const row = this.#of(which).find(recording);
    if (!row) throw new ResynthError('dataset/unknown', { name: recording });
    return {
      samples: fakeSamples(row.bytes % 1000, row.sampleRateHz, row.durationSec),
      sampleRateHz: row.sampleRateHz,
    };
  }

  #answer(): void {
    const { host } = this;
    host.on(datasetsList, () => ({
      datasets: [...this.summaries.values()].map(
        ({ id, name, layout, recordings, durationSec, reachable, folder }) => ({
          id,
          name,
          layout,
          recordings,
          durationSec,
          reachable,
          folder,
        }),
      ),
      damaged: [],
    }));
    host.on(datasetsShow, ({ dataset, limit }) => {
      const summary = this.#find(dataset);
      return { ...summary, warnings: [], skipped: (this.skipped.get(summary.id) ?? []).slice(0, limit) };
    });
    host.on(datasetsSkipped, ({ dataset, offset, limit }) => {
      const rows = this.skipped.get(this.#find(dataset).id) ?? [];
      const codes = Object.groupBy(rows, (row) => row.code);
      return {
        total: rows.length,
        reasons: Object.entries(codes).map(([code, of]) => ({ code, entries: of?.length ?? 0 })),
        rows: rows.slice(offset, offset + limit),
      };
    });
    host.on(datasetsRename, ({ dataset, name }) => {
      if ([...this.summaries.values()].some((one) => one.name === name)) {
        throw new ResynthError('dataset/name-taken', { name });
      }
      return this.#change(this.#find(dataset).id, { name });
    });
    host.on(datasetsRemove, ({ dataset }) => {
      const summary = this.#find(dataset);
      this.summaries.delete(summary.id);
      this.removed.set(summary.id, summary);
      host.hub.publish(datasetRemoved, { id: summary.id, name: summary.name });
      return { removed: summary.name, folder: null };
    });
    host.on(datasetsRestore, ({ dataset }) => {
      const summary = this.removed.get(dataset);
      if (!summary) throw new ResynthError('dataset/unknown', { name: dataset });
      this.summaries.set(summary.id, summary);
      host.hub.publish(datasetChanged, { dataset: summary });
      return summary;
    });
    host.on(datasetsRescan, async ({ dataset }, context) => {
      const { id, name, recordings } = this.#find(dataset);
      await this.#index('datasets rescan', `Scan ${name} again`, id, recordings, 1500, context);
      const summary = this.#change(id, { scannedMs: Date.now() });
      return {
        ...summary,
        warnings: [],
        skipped: [],
        changes: { added: 12, changed: 1, unchanged: recordings - 13, removed: 0 },
      };
    });
    host.on(datasetsRelink, ({ dataset, dir }) => {
      const { id, recordings } = this.#find(dataset);
      const summary = this.#change(id, { folder: dir, reachable: true, scannedMs: Date.now() });
      return {
        ...summary,
        warnings: [],
        changes: { added: 0, changed: 0, unchanged: recordings, removed: 0 },
      };
    });
    host.on(datasetsDetect, ({ dir, layout }) => {
      if (dir.includes('nothing')) throw new ResynthError('dataset/folder-missing', { folder: dir });
      return detection(
        dir,
        layout,
        [...this.summaries.values()].find((one) => one.folder === dir)?.name ?? null,
      );
    });
    host.on(datasetsAdd, async ({ dir, name }, context) => {
      const id = `d${this.summaries.size + 1}-${dir.length}`;
      await this.#index('datasets add', `Index ${dir}`, null, 3000, this.indexMs, context);
      const summary = this.add(id, name ?? dir.split('/').at(-1) ?? dir, dir, fsddCorpus, {
        createdMs: Date.now(),
        scannedMs: Date.now(),
      });
      return { ...summary, warnings: [], skipped: (this.skipped.get(id) ?? []).slice(0, 100) };
    });
    host.on(datasetsSplit, ({ dataset, by, validation, test, seed, preview }) => {
      const summary = this.#find(dataset);
      const parts = {
        validation: Math.round(summary.recordings * validation),
        test: Math.round(summary.recordings * test),
      };
      const counts = { train: summary.recordings - parts.validation - parts.test, ...parts };
      const hoursOf = (count: number): number => (summary.hours * count) / summary.recordings;
      const speakers = summary.speakers.length;
      const note =
        by === 'corpus'
          ? "The corpus's own."
          : by === 'speakers'
            ? `Disjoint speakers, seed ${seed}.`
            : `Stratified by label, seed ${seed}.`;
      const splitHash = String(seed).padStart(4, '0').repeat(16);
      if (!preview) this.#change(summary.id, { splits: counts, splitNote: note, splitHash });
      return {
        dataset: summary.name,
        splits: counts,
        hours: {
          train: hoursOf(counts.train),
          validation: hoursOf(counts.validation),
          test: hoursOf(counts.test),
        },
        speakers:
          by === 'speakers'
            ? { train: speakers - 2, validation: 1, test: 1 }
            : { train: speakers, validation: speakers, test: speakers },
        splitNote: note,
        splitHash,
        warnings:
          by === 'speakers' && speakers < 10
            ? [`With ${speakers} speakers the shares can only be met roughly.`]
            : [],
      };
    });
    host.on(corpusMake, async ({ add }, context) => {
      const id = host.beginJob('corpus make', 'Make the sample corpus', {
        stage: 'Speaking digits',
        unit: 'files',
      });
      const ended = await host.runJob(
        id,
        600,
        this.indexMs,
        context,
        (done) => `${done % 10}_slt_${done}.wav`,
      );
      if (!ended) throw new ResynthError('internal/cancelled');
      host.changeJob(id, { state: 'done', endedMs: Date.now() });
      const folder = '/home/ada/.local/share/resynth/sample-corpus';
      if (add) this.add('sample', 'sample-corpus', folder, fsddCorpus);
      return {
        folder,
        dataset: add ? 'sample' : null,
        recordings: 600,
        speakers: ['awb', 'kal', 'rms', 'slt'],
        durationSec: 402,
        contentHash: hash,
        reused: false,
        elapsedSec: 5,
      };
    });
    host.on(recordingsList, (input) => this.#of(input.dataset).list(input));
    host.on(recordingsStats, ({ dataset, ...filter }) => this.#of(dataset).stats(filter));
    host.on(recordingsShow, ({ dataset, recording }) => {
      const row = this.#of(dataset).find(recording);
      if (!row) throw new ResynthError('dataset/unknown', { name: recording });
      return { ...row, path: `${this.#find(dataset).folder}/${row.id}`, codec: 'pcm_s16le' };
    });
    host.on(recordingsPeaks, ({ dataset, recording, spans }) => {
      const { samples, sampleRateHz } = this.#samples(dataset, recording);
      const durationSec = samples.length / sampleRateHz;
      const peaks = fakePeaks(samples, spans);
      return { sampleRateHz, channels: 1, durationSec, fromSec: 0, toSec: durationSec, peaks };
    });
    host.on(recordingsSpectrogram, ({ dataset, recording, minDb, maxDb, windowSec }) => {
      const { samples, sampleRateHz } = this.#samples(dataset, recording);
      return fakePicture(samples, sampleRateHz, { minDb, maxDb, windowSec });
    });
    host.on(recordingsTile, ({ dataset, recording, minDb, maxDb, windowSec }) => {
      const { samples, sampleRateHz } = this.#samples(dataset, recording);
      return fakePicture(samples, sampleRateHz, { minDb, maxDb, windowSec });
    });
    host.on(recordingsSound, ({ dataset, recording }) => {
      const { samples, sampleRateHz } = this.#samples(dataset, recording);
      return fakeSound(samples, sampleRateHz);
    });
    host.on(foldersComplete, ({ text, limit }) => ({
      folders: tree.filter((folder) => folder.startsWith(text) && folder !== text).slice(0, limit),
    }));
    host.on(foldersBrowse, ({ dir }) => browse(dir ?? '/home/ada'));
  }

  async #index(
    command: string,
    title: string,
    subject: string | null,
    total: number,
    durationMs: number,
    context: Parameters<FakeHost['runJob']>[3],
  ): Promise<void> {
    const id = this.host.beginJob(command, title, { subject, stage: 'Reading recordings', unit: 'files' });
    const ended = await this.host.runJob(
      id,
      total,
      durationMs,
      context,
      (done) => `${done % 10}_theo_${done}.wav`,
    );
    if (!ended) throw new ResynthError('internal/cancelled');
    this.host.changeJob(id, { state: 'done', endedMs: Date.now() });
  }
}

const tree = [
  '/data/speech',
  '/data/speech/fsdd',
  '/data/speech/fsdd/recordings',
  '/data/speech/LibriSpeech',
  '/data/speech/LibriSpeech/dev-clean',
  '/data/speech/LibriSpeech/train-clean-100',
  '/data/speech/wsj0',
  '/home/ada',
  '/home/ada/recordings',
  '/home/ada/notes',
];

function browse(folder: string): z.output<typeof foldersBrowse.output> {
  const parts = folder.split('/').filter(Boolean);
  const inside = tree.filter(
    (one) => one.startsWith(`${folder}/`) && !one.slice(folder.length + 1).includes('/'),
  );
  const hasAudio = folder.endsWith('recordings') || folder.endsWith('dev-clean');
  return {
    folder,
    parent: parts.length === 0 ? null : `/${parts.slice(0, -1).join('/')}`,
    crumbs: [
      { name: '/', path: '/' },
      ...parts.map((name, at) => ({ name, path: `/${parts.slice(0, at + 1).join('/')}` })),
    ],
    entries: inside.map((one) => ({
      name: one.split('/').at(-1) ?? one,
      path: one,
      audioFiles: one.endsWith('recordings') ? 3000 : 0,
      folders: tree.filter((other) => other.startsWith(`${one}/`)).length,
    })),
    audioFiles: hasAudio ? Array.from({ length: 12 }, (_, at) => `${at}_theo_0.wav`) : [],
    audioFileCount: hasAudio ? 3000 : 0,
    truncated: false,
  };
}

function detection(
  dir: string,
  layout: string,
  already: string | null,
): z.output<typeof datasetsDetect.output> {
  const chosen = layout === 'auto' ? 'fsdd' : layout;
  return {
    folder: dir,
    name: dir.split('/').filter(Boolean).at(-1) ?? dir,
    layout: chosen,
    layoutTitle: chosen === 'fsdd' ? 'Free Spoken Digit Dataset' : 'Any folder of audio',
    layoutNote:
      chosen === 'fsdd' ? '{digit}_{speaker}_{index}.wav' : 'The first folder is taken as the speaker.',
    candidates: [
      {
        layout: 'fsdd',
        title: 'Free Spoken Digit Dataset',
        matches: true,
        note: '200 of 200 names looked at fit.',
      },
      {
        layout: 'folder',
        title: 'Any folder of audio',
        matches: true,
        note: 'Fits every folder; knows least.',
      },
    ],
    files: 3000,
    bytes: 21.8e6,
    complete: true,
    speakers: [...fsddCorpus.speakers],
    labels: digits,
    subsets: [],
    splits: { train: 2700, validation: 0, test: 300 },
    examples: [
      { id: '0_george_0.wav', speaker: 'george', label: '0', split: 'test', transcript: null },
      { id: '3_theo_12.wav', speaker: 'theo', label: '3', split: 'train', transcript: null },
      { id: '7_jackson_31.wav', speaker: 'jackson', label: '7', split: 'train', transcript: null },
    ],
    already,
    warnings: ['There is no validation split: datasets split can make one.'],
  };
}

function skippedEntry(at: number): Skipped {
  const kinds = [
    ['audio/not-audio', 'is not audio: its first bytes are those of a text file.', 'Nothing to do.'],
    ['audio/empty', 'holds no samples.', 'Copy it again from where it came from.'],
    ['file/unreadable', 'may not be read by you.', 'Give yourself the right to read it, then scan again.'],
  ] as const;
  const [code, message, remedy] = kinds[at % 3] ?? kinds[0];
  const id = `session-${Math.floor(at / 10)}/take_${String(at).padStart(3, '0')}.wav`;
  return { id, code, message: `${id} ${message}`, remedy };
}

import type { z } from 'zod';
import type {
  recordingsList,
  recordingsPeaks,
  recordingsShow,
  recordingsSound,
  recordingsSpectrogram,
  recordingsStats,
  recordingsTile,
} from '../../../src-preload/contract/commands/recordings.ts';
import type { Facet, Histogram, RecordingFilter } from '../../store/database/types.ts';
import type { HostHandler, Services } from '../services.ts';
import { type Located, locate, peaksOf, soundOf, spectrogramOf, tileOf } from './media.ts';

/** The `recordings` commands: tables and counts from the index, pictures and sound from the files. */

export const handleRecordingsList: HostHandler<typeof recordingsList> = (
  { dataset, ...query },
  { services },
) => services.database.listRecordings(dataset, query);

export const handleRecordingsStats: HostHandler<typeof recordingsStats> = async (
  { dataset, ...filter },
  { services },
) => {
  const stats = await services.database.readRecordingStats(dataset, filter satisfies RecordingFilter);
  const { recordings, durationSec, bytes, speakers, labels, splits, sexes, subsets, excluded, warned } =
    stats;
  return {
    recordings,
    durationSec,
    bytes,
    speakers,
    labels,
    splits,
    sexes,
    subsets,
    excluded,
    warned,
    sampleRates: stats.sampleRates.map(asText),
    channels: stats.channels.map(asText),
    duration: withUnit(stats.duration, 's'),
    peakDb: withUnit(stats.peakDb, 'dBFS'),
    rmsDb: withUnit(stats.rmsDb, 'dBFS'),
  };
};

export const handleRecordingsShow: HostHandler<typeof recordingsShow> = async (
  { dataset, recording },
  { services },
) => {
  const located = await locate(services, dataset, recording);
  return { ...located.recording, path: located.file.path, codec: await codecOf(services, located) };
};

export const handleRecordingsPeaks: HostHandler<typeof recordingsPeaks> = (input, { services }) =>
  peaksOf(services, input);

export const handleRecordingsSpectrogram: HostHandler<typeof recordingsSpectrogram> = (input, { services }) =>
  spectrogramOf(services, input);

export const handleRecordingsTile: HostHandler<typeof recordingsTile> = (input, { services }) =>
  tileOf(services, input);

export const handleRecordingsSound: HostHandler<typeof recordingsSound> = (input, { services }) =>
  soundOf(services, input);

/** Null where the file is out of reach now: what the index knows of it is shown all the same. */
async function codecOf({ analysts }: Pick<Services, 'analysts'>, { file }: Located): Promise<string | null> {
  try {
    return (await analysts.run({ kind: 'probe', file })).codec;
  } catch {
    return null;
  }
}

function asText({
  value,
  ...rest
}: Facet<number>): z.output<typeof recordingsStats.output>['channels'][number] {
  return { value: String(value), ...rest };
}

function withUnit(histogram: Histogram, unit: string) {
  return { ...histogram, unit };
}

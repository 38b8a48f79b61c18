import path from 'node:path';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { inspectAudio } from '../audio/inspect.ts';
import { shownName } from '../files/system-errors.ts';
import type { InspectedFile, Inspection, InspectTask } from './tasks.ts';

/** Decodes, measures and hashes recordings one after the other; one that cannot be used comes out with its reason. */
export function inspect({ folder, ids }: InspectTask): Inspection {
  return { kind: 'inspect', files: ids.map((id) => inspectOne(path.join(folder, id), id)) };
}

function inspectOne(file: string, id: string): InspectedFile {
  try {
    const { bytes, modifiedMs, contentHash, sampleRateHz, channels, durationSec, peak, rms } =
      inspectAudio(file);
    return {
      measures: { bytes, modifiedMs, contentHash, sampleRateHz, channels, durationSec, peak, rms },
    };
  } catch (thrown) {
    const error = asResynthError(thrown);
    const refused = error.code === 'audio/missing' ? vanished(id) : error;
    return { refused: refused.toJSON() };
  }
}

/** It was there when the folder was listed. */
export function vanished(id: string): ResynthError {
  return new ResynthError('dataset/file-vanished', { file: shownName(id) });
}

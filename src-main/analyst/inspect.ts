import path from 'node:path';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { type InspectedAudio, inspectAudio, inspectStretches } from '../audio/inspect.ts';
import { isSegment, recordingPath } from '../corpora/recording.ts';
import { shownName } from '../files/system-errors.ts';
import type { FileToInspect, InspectedFile, Inspection, InspectTask } from './tasks.ts';

/**
 * Decodes, measures and hashes recordings one after the other; one that cannot be used comes out with its reason. Several
 * stretches of one file are measured in one pass over it.
 */
export function inspect({ folder, files }: InspectTask): Inspection {
  const answers = new Array<InspectedFile>(files.length);
  const stretched = new Map<string, number[]>();
  for (const [at, file] of files.entries()) {
    const place = recordingPath(folder, file);
    if (isSegment(file)) stretched.set(place, [...(stretched.get(place) ?? []), at]);
    // Below the folder a name is joined as it is: of "a//b" no part may be lost.
    else
      answers[at] = attempt(file, () =>
        inspectAudio(file.source === null ? path.join(folder, file.id) : place),
      );
  }
  for (const [place, places] of stretched) {
    const wanted = places.map((at) => files[at]!);
    const measured = attemptAll(place, wanted);
    for (const [index, at] of places.entries()) answers[at] = attempt(files[at]!, () => measured(index));
  }
  return { kind: 'inspect', files: answers };
}

/** What each stretch gives: its measures, or an error that is thrown when it is asked for. */
function attemptAll(place: string, wanted: readonly FileToInspect[]): (index: number) => InspectedAudio {
  let measured: (InspectedAudio | ResynthError)[];
  try {
    measured = inspectStretches(place, wanted);
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
  return (index) => {
    const one = measured[index];
    if (one === undefined || one instanceof ResynthError)
      throw one ?? new Error(`nothing was said of ${place}`);
    return one;
  };
}

function attempt({ id }: FileToInspect, measure: () => InspectedAudio): InspectedFile {
  try {
    const { bytes, modifiedMs, contentHash, sampleRateHz, channels, durationSec, peak, rms, warning } =
      measure();
    return {
      measures: { bytes, modifiedMs, contentHash, sampleRateHz, channels, durationSec, peak, rms, warning },
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

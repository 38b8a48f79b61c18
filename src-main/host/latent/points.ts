import type { LatentPoints } from '../../../src-preload/contract/commands/latent.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { type CodeColumn, readCodes } from '../../analyst/codes-file.ts';
import type { Services } from '../services.ts';
import type { RunCodes } from './codes-of-run.ts';
import { recordingsOf } from './known-recordings.ts';

/** What is known of each clip of some codes, in order of row. */
export async function pointsOf(services: Services, codes: RunCodes, errors: boolean): Promise<LatentPoints> {
  const recordings = await recordingsOf(services, codes.run);
  const of = codes.ids.map((id) => recordings.get(id));
  return {
    recordings: codes.ids,
    labels: of.map((one) => one?.label ?? null),
    speakers: of.map((one) => one?.speaker ?? null),
    splits: codes.parts.flatMap(({ head }) => head.ids.map(() => head.split)),
    durationSec: Float32Array.from(of, (one) => one?.durationSec ?? 0),
    klNats: await columnOf(codes, 'klNats'),
    mse: errors ? await columnOf(codes, 'mse') : null,
  };
}

/** One column of all parts, one after the other. */
export async function columnOf({ parts }: RunCodes, name: CodeColumn): Promise<Float32Array> {
  const columns: Float32Array[] = [];
  for (const { file } of parts) {
    const read = await readCodes(file, [name]);
    if (!read) throw new Error(`the codes in ${file} are not there any more`);
    columns.push(read.data[name]);
  }
  const whole = new Float32Array(columns.reduce((sum, column) => sum + column.length, 0));
  let at = 0;
  for (const column of columns) {
    whole.set(column, at);
    at += column.length;
  }
  return whole;
}

/** Classes of the rows: names in order, and for each row which it has, -1 for none. */
export interface Classes {
  names: string[];
  classOf: Int32Array;
}

/**
 * The labels or speakers of the rows. Throws latent/no-classes where none has one.
 */
export async function classesOf(
  services: Services,
  codes: RunCodes,
  by: 'label' | 'speaker',
): Promise<Classes> {
  const recordings = await recordingsOf(services, codes.run);
  const values = codes.ids.map((id) => recordings.get(id)?.[by] ?? null);
  const names = [...new Set(values.filter((value) => value !== null))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  if (names.length === 0) {
    const dataset = codes.run.record.dataset.name;
    throw new ResynthError('latent/no-classes', { by, split: codes.split, dataset });
  }
  const places = new Map(names.map((name, at) => [name, at]));
  return { names, classOf: Int32Array.from(values, (value) => (value === null ? -1 : places.get(value)!)) };
}

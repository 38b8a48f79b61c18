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
    component: await componentsOf(codes),
  };
}

/** The component of the prior that each clip belongs to most, counted from 1; null where the prior is no mixture. */
async function componentsOf(codes: RunCodes): Promise<Int32Array | null> {
  const components = codes.parts[0]?.head.components;
  if (components === undefined) return null;
  const shares = await columnOf(codes, 'responsibilities');
  return Int32Array.from(codes.ids, (_, clip) => {
    const own = shares.subarray(clip * components, (clip + 1) * components);
    return 1 + own.indexOf(Math.max(...own));
  });
}

/** A float32 with the digits that it has, not those that a double adds. */
export function asWritten(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(7));
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
  const classes = classesAmong(codes.ids.map((id) => recordings.get(id)?.[by] ?? null));
  if (classes.names.length === 0) {
    const dataset = codes.run.record.dataset.name;
    throw new ResynthError('latent/no-classes', { by, split: codes.split, dataset });
  }
  return classes;
}

/** The classes that are named, in order of their names; null is none. */
export function classesAmong(values: readonly (string | null)[]): Classes {
  const names = [...new Set(values.filter((value) => value !== null))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const places = new Map(names.map((name, at) => [name, at]));
  return { names, classOf: Int32Array.from(values, (value) => (value === null ? -1 : places.get(value)!)) };
}

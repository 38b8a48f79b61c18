import type { Recipe } from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { ClassRows } from '../../inference/latent/protocol.ts';
import { codesOf, type RunCodes } from '../latent/codes-of-run.ts';
import { type Classes, classesOf } from '../latent/points.ts';
import type { HostContext } from '../services.ts';

type Settings = Extract<Recipe['made'], { kind: 'class-means' }>['settings'];

/** Clips that a class needs for noise of this shape. */
const leastFor = { unit: 1, diagonal: 2, full: 2 } as const;

/**
 * Which clips each class has among the codes of a split. Of all classes those that are too small are left out, which
 * `notes` tell; one that was asked for by name is refused.
 *
 * @throws ResynthError latent/no-classes, latent/class-unknown, latent/class-too-small; what encoding throws.
 */
export async function classesFor(
  settings: Settings,
  context: HostContext,
): Promise<{ classes: ClassRows[]; notes: string[] }> {
  const { by, of, spread, split } = settings;
  const codes = await codesOf(context.services, settings, context);
  const known = await classesOf(context.services, codes, by);
  const dataset = codes.run.record.dataset.name;
  for (const name of of) {
    if (known.names.includes(name)) continue;
    const listed = known.names.slice(0, 20).join(', ');
    const more = known.names.length > 20 ? ', ...' : '';
    throw new ResynthError('latent/class-unknown', { by, name, split, dataset, known: `${listed}${more}` });
  }
  const classes: ClassRows[] = [];
  const small: { name: string; count: number }[] = [];
  for (const name of of.length > 0 ? [...new Set(of)] : known.names) {
    const rows = rowsOf(codes, known, name);
    const count = rows.reduce((sum, part) => sum + part.rows.length, 0);
    if (count >= leastFor[spread]) classes.push({ name, rows });
    else small.push({ name, count });
  }
  const [first] = small;
  if (first && (of.length > 0 || classes.length === 0)) {
    throw new ResynthError('latent/class-too-small', { by, ...first, split, spread });
  }
  const notes = small.map(
    ({ name, count }) => `the ${by} "${name}" was left out: ${count} clips are too few for ${spread} noise`,
  );
  return { classes, notes };
}

function rowsOf({ parts }: RunCodes, { names, classOf }: Classes, name: string): ClassRows['rows'] {
  const wanted = names.indexOf(name);
  let first = 0;
  return parts.flatMap(({ file, head }) => {
    const here = classOf.subarray(first, first + head.count);
    first += head.count;
    const rows = Int32Array.from(here.keys()).filter((row) => here[row] === wanted);
    return rows.length > 0 ? [{ file, rows }] : [];
  });
}

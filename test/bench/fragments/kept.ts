import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../../src-main/files/atomic-file.ts';
import { errorCode } from '../../../src-main/files/system-errors.ts';

const resultSchema = z.strictObject({
  steps: z.int(),
  distances: z.strictObject({ levelsDb: z.array(z.number()), soundDb: z.array(z.number()) }),
});

/** What a training came to. */
export type KeptResult = z.output<typeof resultSchema>;

/** Where a result is kept, and `facts`: all that it follows from. With others it is another result; a change of the code is none of them. */
export interface Keeping {
  home: string;
  name: string;
  facts: unknown;
  say: (text: string) => void;
}

/** A result that is there from before; null where there is none. */
export async function readKept(keeping: Keeping): Promise<KeptResult | null> {
  const file = fileOf(keeping);
  try {
    const result = resultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    keeping.say(`kept in ${file}`);
    return result;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** A result that is there from before, or else is made and kept. */
export async function keptResult(keeping: Keeping, make: () => Promise<KeptResult>): Promise<KeptResult> {
  const there = await readKept(keeping);
  if (there) return there;
  const result = await make();
  await mkdir(keeping.home, { recursive: true });
  await writeFileAtomic(fileOf(keeping), `${JSON.stringify(result)}\n`);
  return result;
}

function fileOf({ home, name, facts }: Keeping): string {
  const hash = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12);
  return path.join(home, `${name}-${hash}.json`);
}

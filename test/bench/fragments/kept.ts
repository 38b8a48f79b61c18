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

/**
 * A result that is in `home` from before, or else is made and kept there. `facts` are all that it follows from: with others it is another
 * result. A change of the code is none of them; another home, or an emptied one, begins anew.
 */
export async function keptResult(
  where: { home: string; name: string; facts: unknown; say: (text: string) => void },
  make: () => Promise<KeptResult>,
): Promise<KeptResult> {
  const hash = createHash('sha256').update(JSON.stringify(where.facts)).digest('hex').slice(0, 12);
  const file = path.join(where.home, `${where.name}-${hash}.json`);
  const there = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  });
  if (there !== null) {
    where.say(`kept in ${file}`);
    return resultSchema.parse(JSON.parse(there));
  }
  const result = await make();
  await mkdir(where.home, { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify(result)}\n`);
  return result;
}

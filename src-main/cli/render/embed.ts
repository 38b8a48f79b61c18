import type { Embedded, Unembedded } from '../../../src-preload/contract/commands/embed.ts';
import { oneLine, pairs, table } from '../layout.ts';

/** What was encoded, and where it lies. */
export function renderEmbedded(output: unknown): string[] {
  const { embedding, folder, recordings, kept, vectors, numbers, failed } = output as Embedded;
  const { name, step, dataset, split } = embedding;
  return [
    ...pairs([
      ['run', `${oneLine(name)}, step ${step}`],
      ['dataset', `${oneLine(dataset.name)}, ${split === 'all' ? 'all splits' : `split ${split}`}`],
      ['recordings', `${recordings}${kept > 0 ? `, ${kept} of them encoded before` : ''}`],
      ['codes', `${vectors} vectors of ${numbers} numbers`],
      ['folder', oneLine(folder)],
    ]),
    ...failures(failed),
  ];
}

/** A line a sound. */
export function renderUnembedded(output: unknown, columns: number): string[] {
  const { embedding, folder, sounds, failed } = output as Unembedded;
  return [
    ...pairs([
      ['run', `${oneLine(embedding.name)}, step ${embedding.step}`],
      ['folder', oneLine(folder)],
    ]),
    '',
    ...table(
      [{ title: 'recording' }, { title: 'file' }, { title: 'seconds', align: 'right' }],
      sounds.map(({ recording, file, seconds }) => [
        recording,
        file.slice(folder.length + 1),
        seconds.toFixed(3),
      ]),
      columns,
    ),
    ...failures(failed),
  ];
}

function failures(failed: Embedded['failed']): string[] {
  if (failed.length === 0) return [];
  return ['', ...failed.map(({ source, message, remedy }) => `${oneLine(source)}: ${message} ${remedy}`)];
}

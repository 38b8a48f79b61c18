import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addTo, firstPage, openOperations, recording } from './sample.ts';

async function searchable() {
  const operations = await openOperations();
  addTo(operations, 'one', [
    recording('7_jackson_12.wav', { speaker: 'jackson', label: '7', transcript: 'seven' }),
    recording('7_nicolas_1.wav', { speaker: 'nicolas', label: '7' }),
    recording('Übung/naïve.WAV', { transcript: 'Er sagte: "NOT now" (or later)' }),
    recording('😀 smile.flac', { transcript: 'C++ & rock*roll, 100% 🥲' }),
    recording('日本/東京.wav', { transcript: 'it’s OR AND near' }),
  ]);
  addTo(operations, 'two', [recording('jackson.wav')]);
  return (search: string) =>
    operations.listRecordings('one', { ...firstPage, search }).rows.map(({ id }) => id.slice(0, 5));
}

it.each([
  ['jack', ['7_jac']],
  ['JACKSON 7', ['7_jac']],
  ['7', ['7_jac', '7_nic']],
  ['7_jack', ['7_jac']],
  ['jackson_12.wav', ['7_jac']],
  ['nicolas jackson', []],
  ['ackson', []],
  ['seven', ['7_jac']],
  ['ubung', ['Übung']],
  ['NAÏVE', ['Übung']],
  ['"NOT', ['Übung']],
  ['"NOT now"', ['Übung']],
  ['NOT', ['Übung']],
  ['(or', ['Übung', '日本/東京']],
  ['OR AND', ['日本/東京']],
  ['speaker:jackson', []],
  ['jack*', ['7_jac']],
  ['c++', ['😀 smi']],
  ['100%', ['😀 smi']],
  ['😀', ['😀 smi']],
  ['🥲 smile', ['😀 smi']],
  ['😀 jackson', []],
  ['&', ['😀 smi']],
  ['東京', ['日本/東京']],
  ['', ['7_jac', '7_nic', 'Übung', '日本/東京', '😀 smi']],
  ['   ', ['7_jac', '7_nic', 'Übung', '日本/東京', '😀 smi']],
  ['^7 NEAR(', []],
  ['\0', ['7_jac', '7_nic', 'Übung', '日本/東京', '😀 smi']],
])('finds %j as text', async (search, expected) => {
  expect((await searchable())(search)).toEqual(expected.map((id) => id.slice(0, 5)));
});

it('takes anything that can be typed', async () => {
  const search = await searchable();
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.stringMatching(/^[a-z"*:^(){}+\-' ]{0,12}$/)),
      (typed) => {
        expect(search(typed).length).toBeLessThanOrEqual(5);
      },
    ),
    { numRuns: 500 },
  );
});

it('finds every recording by any word of its own path', async () => {
  const operations = await openOperations();
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,6}[_/.-][a-z0-9]{1,6}$/), {
    minLength: 1,
    maxLength: 10,
  });
  let count = 0;
  fc.assert(
    fc.property(ids, (all) => {
      const dataset = `d${count++}`;
      addTo(
        operations,
        dataset,
        all.map((id) => recording(id)),
      );
      for (const id of all) {
        for (const word of [...id.split(/[_/.-]/), id]) {
          const { rows } = operations.listRecordings(dataset, { ...firstPage, search: word });
          expect(rows.map((row) => row.id)).toContain(id);
        }
      }
    }),
    { numRuns: 60 },
  );
});

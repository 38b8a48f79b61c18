import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../src-main/audio/write-wav.ts';
import type { Corpus, FoundFile, ScanItem } from '../../src-main/corpora/corpus.ts';
import { librispeech, parseLibriSpeechPath } from '../../src-main/corpora/librispeech.ts';
import type { SkippedFile } from '../../src-main/corpora/recording.ts';
import { speechCommands, speechCommandsSplit } from '../../src-main/corpora/speech-commands.ts';
import { speechStretch, timit } from '../../src-main/corpora/timit.ts';
import { parseWsj0Path, wsj0 } from '../../src-main/corpora/wsj0.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { encodeSphere } from '../helpers/sphere.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function tree(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const dir = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), content);
  }
  return dir;
}

async function scan(
  corpus: Corpus,
  dir: string,
): Promise<{ files: Map<string, FoundFile>; skipped: SkippedFile[] }> {
  const items: ScanItem[] = [];
  for await (const batch of corpus.scan(dir)) items.push(...batch);
  return {
    files: new Map(items.flatMap((item) => (item.kind === 'file' ? [[item.file.id, item.file]] : []))),
    skipped: items.flatMap((item) => (item.kind === 'skipped' ? [item.skipped] : [])),
  };
}

describe('LibriSpeech', () => {
  const chapter = 'train-clean-5/19/198';
  const names = [0, 1, 2].map((n) => `${chapter}/19-198-000${n}.flac`);

  it.each([
    ['with a last newline', '19-198-0000 ONE TWO\n19-198-0001 IT\'S "THREE"\n'],
    ['without one', '19-198-0000 ONE TWO\n19-198-0001 IT\'S "THREE"'],
    ['with CRLF and a mark at its beginning', '\uFEFF19-198-0000 ONE TWO\r\n19-198-0001 IT\'S "THREE"\r\n'],
  ])('has the words of a transcript %s, and none where it says none', async (_, transcript) => {
    const dir = await tree({
      ...Object.fromEntries(names.map((name) => [name, 'x'])),
      [`${chapter}/19-198.trans.txt`]: transcript,
    });
    const { files } = await scan(librispeech, dir);
    expect(names.map((name) => files.get(name)?.transcript)).toEqual(['ONE TWO', 'IT\'S "THREE"', null]);
  });

  it('has sex and subset from SPEAKERS.TXT, also above a subset that is read alone', async () => {
    const dir = await tree({
      [names[0] ?? '']: 'x',
      'SPEAKERS.TXT': ';ID |SEX\n19   | F | train-clean-100 | 25.19 | K\n',
    });
    expect((await scan(librispeech, dir)).files.get(names[0] ?? '')).toMatchObject({
      speaker: '19',
      sex: 'F',
      subset: 'train-clean-5',
      split: 'train',
    });
    const alone = await scan(librispeech, path.join(dir, 'train-clean-5'));
    expect(alone.files.get('19/198/19-198-0000.flac')).toMatchObject({ sex: 'F', subset: 'train-clean-5' });
  });

  it('takes no name whose folders say otherwise', () => {
    expect(parseLibriSpeechPath('dev-other/19/198/19-198-0000.wav')).toMatchObject({ subset: 'dev-other' });
    for (const id of [
      '19/199/19-198-0000.flac',
      '20/198/19-198-0000.flac',
      '19-198.flac',
      'a/19-198-x.flac',
    ]) {
      expect(parseLibriSpeechPath(id), id).toBeNull();
    }
  });

  const real = referenceFolder('data', 'LibriSpeech');
  it.skipIf(real === null)(
    'reads the real tree: 180 for training, 104 for test, 21 speakers, words where there are any',
    async () => {
      const { files, skipped } = await scan(librispeech, real ?? '');
      const all = [...files.values()];
      const count = (split: string) => all.filter((file) => file.split === split).length;
      expect([count('train'), count('validation'), count('test'), skipped.length]).toEqual([180, 0, 104, 0]);
      expect(new Set(all.map(({ speaker }) => speaker)).size).toBe(21);
      const worded = all.filter(({ transcript }) => transcript !== null).map(({ subset }) => subset);
      expect(worded.filter((subset) => subset === 'train-clean-5')).toHaveLength(180);
      expect(worded.filter((subset) => subset === 'test-clean')).toHaveLength(4);
      expect(all.every(({ sex }) => sex === 'F' || sex === 'M')).toBe(true);
    },
  );
});

describe('WSJ0', () => {
  const sphere = encodeSphere({ channels: [[1, 2, 3]] });

  it('reads the discs, upper and lower case, and what was flattened', async () => {
    const dir = await tree({
      '11-1.1/wsj0/si_tr_s/01i/01ic0201.wv1': sphere,
      '11-6.1/wsj0/si_dt_05/050/050c0101.wv1': sphere,
      '11-14.1/WSJ0/SI_ET_05/440/440C0202.WV1': sphere,
      'si_tr_s/02ac0301.wav': sphere,
    });
    const { files, skipped } = await scan(wsj0, dir);
    expect(skipped).toEqual([]);
    const facts = [...files.values()].map(({ speaker, split, subset }) => [speaker, split, subset]);
    expect(facts.sort()).toEqual([
      ['01i', 'train', 'si_tr_s'],
      ['02a', 'train', 'si_tr_s'],
      ['050', 'validation', 'si_dt_05'],
      ['440', 'test', 'si_et_05'],
    ]);
  });

  it('leaves the second microphone and copies out of the splits, as long as the first is there', async () => {
    const dir = await tree({
      'si_tr_s/01i/01ic0201.wv1': sphere,
      'si_tr_s/01i/01ic0201.wv2': sphere,
      'si_tr_s/01i/01ic0201.wav': sphere,
      'si_tr_s/01i/01ic0202.wv2': sphere,
    });
    const { files } = await scan(wsj0, dir);
    expect(
      [...files.values()]
        .filter(({ excluded }) => excluded !== null)
        .map(({ id }) => path.extname(id))
        .sort(),
    ).toEqual(['.wav', '.wv2']);
    await rm(path.join(dir, 'si_tr_s/01i/01ic0201.wv1'));
    const again = await scan(wsj0, dir);
    expect(again.files.get('si_tr_s/01i/01ic0201.wv2')?.excluded).toBeNull();
  });

  it('has prompts from beside the recordings and from transcrp/dots, and sexes from the list of speakers', async () => {
    const dir = await tree({
      'wsj0/si_dt_05/050/050c0101.wv1': sphere,
      'wsj0/si_dt_05/050/050a0100.ptx': 'The market fell . (050c0101 4.1.2)\n',
      'wsj0/si_tr_s/01i/01ic0201.wv1': sphere,
      'wsj0/transcrp/dots/si_tr_s/01i/01ic0200.dot': 'Oil prices rose (01IC0201)\r\n',
      'wsj0/doc/spkrinfo.txt': ';spkr sex\n01i  F  x\n050 M y\n',
    });
    const { files } = await scan(wsj0, dir);
    expect([...files.values()].map(({ transcript, sex }) => [transcript, sex]).sort()).toEqual([
      ['Oil prices rose', 'F'],
      ['The market fell .', 'M'],
    ]);
  });

  it('finds the list of speakers on the disc that holds it, where the discs lie side by side', async () => {
    const dir = await tree({
      '11-1.1/wsj0/si_tr_s/01i/01ic0201.wv1': sphere,
      '11-13.1/wsj0/doc/spkrinfo.txt': '01i  F  x\n',
    });
    const { files } = await scan(wsj0, dir);
    expect([...files.values()].map(({ sex }) => sex)).toEqual(['F']);
  });

  it('takes no other names', () => {
    expect(parseWsj0Path('si_tr_s/01i/01ic0201.wv1')).toMatchObject({
      speaker: '01i',
      utterance: '01ic0201',
    });
    for (const id of ['si_tr_s/01i/readme.wav', 'si_tr_s/01i/01ic020.wv1', '01ic0201.mp3']) {
      expect(parseWsj0Path(id), id).toBeNull();
    }
  });
});

describe('Google Speech Commands', () => {
  it('follows the official lists, tells what they name that is not there, and keeps noises out of the splits', async () => {
    const dir = await tree({
      'yes/0a7c2a8d_nohash_0.wav': 'x',
      'yes/0b7c2a8d_nohash_0.wav': 'x',
      'no/0c7c2a8d_nohash_1.wav': 'x',
      '_background_noise_/rain.wav': 'x',
      'odd.wav': 'x',
      'validation_list.txt':
        'yes/0b7c2a8d_nohash_0.wav\r\nyes/ffffffff_nohash_0.wav\r\nno/ffffffff_nohash_0.wav',
      'testing_list.txt': 'no/0c7c2a8d_nohash_1.wav\n',
    });
    const { files, skipped } = await scan(speechCommands, dir);
    const of = (id: string) => files.get(id);
    expect(of('yes/0a7c2a8d_nohash_0.wav')).toMatchObject({
      split: 'train',
      label: 'yes',
      speaker: '0a7c2a8d',
    });
    expect(of('yes/0b7c2a8d_nohash_0.wav')?.split).toBe('validation');
    expect(of('no/0c7c2a8d_nohash_1.wav')?.split).toBe('test');
    expect(of('_background_noise_/rain.wav')).toMatchObject({ subset: 'noise', speaker: null });
    expect(of('_background_noise_/rain.wav')?.excluded).toContain('noise');
    expect(skipped.map(({ id, code }) => [id, code]).sort()).toEqual([
      ['odd.wav', 'dataset/name-not-speech-commands'],
      ['validation_list.txt', 'dataset/list-names-absent'],
    ]);
    expect(skipped.find(({ id }) => id === 'validation_list.txt')?.message).toContain('2 recordings');
  });

  it("follows the corpus's own rule without lists: one speaker is in one split, 80 / 10 / 10", () => {
    // Of the corpus's README: which_set('bed/0a7c2a8d_nohash_0.wav', 10, 10) hashes the name up to _nohash_.
    const splits = Array.from({ length: 4000 }, (_, n) =>
      speechCommandsSplit(n.toString(16).padStart(8, '0')),
    );
    const share = (split: string) => splits.filter((one) => one === split).length / splits.length;
    expect(share('validation')).toBeCloseTo(0.1, 1);
    expect(share('test')).toBeCloseTo(0.1, 1);
  });
});

describe('TIMIT', () => {
  it('takes a recording from its first phone to its last, with speaker, sex, dialect and words', async () => {
    const dir = await tree({
      'TRAIN/DR1/FCJF0/SA1.WAV': encodeSphere({
        channels: [Array.from({ length: 8000 }, (_, n) => n % 100)],
      }),
      'TRAIN/DR1/FCJF0/SA1.PHN': '0 1600 h#\n1600 3200 sh\n3200 4800 iy\n4800 8000 h#\n',
      'TRAIN/DR1/FCJF0/SA1.TXT': '0 8000 She had your dark suit.\n',
      'test/dr2/mabc0/sx3.wav': encodeWav([new Float32Array(800)], 8000, 'pcm16').bytes,
    });
    const { files } = await scan(timit, dir);
    expect(files.get('TRAIN/DR1/FCJF0/SA1.WAV')).toMatchObject({
      speaker: 'FCJF0',
      sex: 'F',
      subset: 'DR1',
      label: 'SA',
      transcript: 'She had your dark suit.',
      startSec: 0.1,
      endSec: 0.3,
      source: null,
    });
    expect(files.get('test/dr2/mabc0/sx3.wav')).toMatchObject({
      split: 'test',
      startSec: null,
      endSec: null,
    });
  });

  it('leaves a recording whole where its phones do not tell', () => {
    expect(speechStretch(['0 100 h#', '100 300 pau'])).toBeNull();
    expect(speechStretch(['a b sh'])).toBeNull();
    expect(speechStretch([])).toBeNull();
    expect(speechStretch(['0 10 h#', '10 30 sh', '30 40 pau', '40 50 iy', '50 60 h#'])).toEqual({
      from: 10,
      to: 50,
    });
  });
});

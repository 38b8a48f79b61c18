import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embed, unembed } from '../../../src-preload/contract/commands/embed.ts';
import { decodeAudio } from '../../../src-main/audio/decode.ts';
import { readNpy, writeNpy } from '../../../src-main/files/npy-matrix.ts';
import { tinyFragments } from '../../inference/tiny-run.ts';
import { latentHost, tenClips } from '../latent/latent-host.ts';
import { quiet } from '../open-test-host.ts';

const run = 'Tiny';
const clips = tenClips.map((clip, at) => ({ ...clip, split: at === 9 ? ('test' as const) : clip.split }));

function indexOf(folder: string): { recording: string; file: string }[] {
  const lines = readFileSync(path.join(folder, 'index.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as { recording: string; file: string });
}

describe('embed', () => {
  it('writes a vector of each clip, an index, and the clips back', async () => {
    const { host, root } = await latentHost(clips);
    const out = path.join(root, 'codes');
    const made = await host.call(embed, { run, out }, quiet);
    expect(made).toMatchObject({ recordings: 10, kept: 0, vectors: 10, numbers: 4, failed: [] });
    expect(made.embedding).toMatchObject({ run: 'tiny', step: 7, family: 'conv-vae', split: 'all' });
    expect(await readNpy(path.join(out, '3.npy'))).toMatchObject({ shape: [1, 4] });
    const table = readFileSync(made.index, 'utf8').split('\r\n');
    expect(table[0]).toContain('file,recording,vectors,numbers,fromSec,stepSec,seconds,label,speaker,split');
    expect(table[4]).toMatch(/^3\.npy,3\.wav,1,4,0,0\.15,0\.084,odd,s0,train,/);

    const heard = path.join(root, 'heard');
    const { sounds, failed } = await host.call(
      unembed,
      { folder: out, recordings: ['3.wav', '9.npy'], out: heard, iterations: 2 },
      quiet,
    );
    expect(failed).toEqual([]);
    expect(sounds.map(({ recording }) => recording)).toEqual(['3.wav', '9.wav']);
    expect(decodeAudio(path.join(heard, '3.wav')).channels[0]).toHaveLength(Math.round(0.084 * 8000));
  });

  it('has a vector a fragment, and makes sound of as many as it is given', async () => {
    const { host, root } = await latentHost(clips, tinyFragments);
    const out = path.join(root, 'codes');
    const made = await host.call(embed, { run, split: 'test', out }, quiet);
    // 0.132 s at 8 kHz in fragments of 128 samples.
    expect(made).toMatchObject({ recordings: 1, vectors: 9, numbers: 3 });
    const file = path.join(out, '9.npy');
    const { data, shape } = await readNpy(file);
    expect(shape).toEqual([9, 3]);
    const heard = path.join(root, 'heard');
    const options = { folder: out, out: heard, iterations: 2 };
    const first = await host.call(unembed, options, quiet);
    expect(first.sounds[0]?.seconds).toBeCloseTo(0.132, 6);
    const twice = new Float32Array([...data, ...data]);
    await writeNpy(file, twice, [18, 3]);
    expect((await host.call(unembed, options, quiet)).sounds[0]?.seconds).toBeCloseTo((18 * 128) / 8000, 6);
    await writeNpy(file, data, [3, 9]);
    expect((await host.call(unembed, options, quiet)).failed).toMatchObject([{ code: 'embed/code-unfit' }]);
    await writeNpy(file, data.fill(NaN), [9, 3]);
    const { failed } = await host.call(unembed, options, quiet);
    expect(failed[0]?.message).toContain('not finite');
  });

  it('goes on where it was ended, past a torn line and a file that is gone', async () => {
    const { host, root } = await latentHost(clips, tinyFragments);
    const out = path.join(root, 'codes');
    const stopping = new AbortController();
    const ended = host.call(
      embed,
      { run, out },
      {
        ...quiet,
        signal: stopping.signal,
        progress: ({ stage, done = 0 }) => {
          if (stage.startsWith('Encoding') && done >= 8) stopping.abort();
        },
      },
    );
    await expect(ended).rejects.toThrow();
    expect(indexOf(out)).toHaveLength(8);
    expect(readdirSync(out)).not.toContain('index.csv');
    appendFileSync(path.join(out, 'index.jsonl'), '{"recording": "8.wav", "fi');
    rmSync(path.join(out, '2.npy'));
    const before = statSync(path.join(out, '1.npy')).mtimeMs;
    const made = await host.call(embed, { run, out }, quiet);
    expect(made).toMatchObject({ recordings: 10, kept: 7, failed: [] });
    expect(statSync(path.join(out, '1.npy')).mtimeMs).toBe(before);
    expect(
      indexOf(out)
        .map(({ recording }) => recording)
        .sort(),
    ).toEqual(clips.map(({ id }) => id));
    const { host: other, root: elsewhere } = await latentHost(clips, tinyFragments);
    const whole = path.join(elsewhere, 'codes');
    await other.call(embed, { run, out: whole }, quiet);
    for (const { file } of indexOf(whole)) {
      expect(readFileSync(path.join(out, file)).equals(readFileSync(path.join(whole, file)))).toBe(true);
    }
  });

  it('leaves out by name what cannot be read, and tries it again', async () => {
    const { host, root } = await latentHost(clips, tinyFragments);
    const out = path.join(root, 'codes');
    const bytes = readFileSync(path.join(root, '4.wav'));
    writeFileSync(path.join(root, '4.wav'), 'not a sound');
    const made = await host.call(embed, { run, out }, quiet);
    expect(made.failed).toMatchObject([{ source: '4.wav', code: 'dataset/file-changed' }]);
    expect(embed.partlyFailed?.(made)).toBe(true);
    writeFileSync(path.join(root, '4.wav'), bytes);
    expect(await host.call(embed, { run, out }, quiet)).toMatchObject({
      recordings: 10,
      kept: 9,
      failed: [],
    });
  });

  it('refuses a folder of other codes, one without codes, unknown names and weights that are gone', async () => {
    const { host, root } = await latentHost(clips);
    const out = path.join(root, 'codes');
    const heard = path.join(root, 'heard');
    await host.call(embed, { run, split: 'test', out }, quiet);
    const refusal = (call: Promise<unknown>) =>
      call.then(
        () => 'none',
        (error: { code?: string }) => error.code,
      );
    expect(await refusal(host.call(embed, { run, split: 'train', out }, quiet))).toBe('embed/other-there');
    expect(await refusal(host.call(embed, { run, split: 'validation', out: heard }, quiet))).toBe(
      'dataset/split-empty',
    );
    expect(await refusal(host.call(unembed, { folder: root, out: heard }, quiet))).toBe('embed/no-embedding');
    const unknown = { folder: out, recordings: ['x.wav'], out: heard };
    expect(await refusal(host.call(unembed, unknown, quiet))).toBe('embed/recording-unknown');
    const head = path.join(out, 'embedding.json');
    writeFileSync(head, readFileSync(head, 'utf8').replace(/"weights": "./, '"weights": "x'));
    expect(await refusal(host.call(unembed, { folder: out, out: heard }, quiet))).toBe('embed/weights-gone');
  });

  it.each<[string, string, (line: string) => string]>([
    ['no JSON', 'line 1', () => 'not a row'],
    ['no row', 'numbers', (line) => line.replace('"numbers":4,', '')],
    ['a file elsewhere', 'file', (line) => line.replace('"file":"', '"file":"../')],
    ['a size below one', 'vectors', (line) => line.replace('"vectors":1', '"vectors":-1')],
    ['one file twice', 'line 2', (line) => `${line}\n${line.replace('"recording":"', '"recording":"x')}`],
  ])('refuses to decode by an index with %s, and says where', async (_, where, change) => {
    const { host, root } = await latentHost(clips);
    const out = path.join(root, 'codes');
    await host.call(embed, { run, split: 'test', out }, quiet);
    const index = path.join(out, 'index.jsonl');
    const [line = ''] = readFileSync(index, 'utf8').split('\n');
    writeFileSync(index, `${change(line)}\n`);
    const refused = host.call(unembed, { folder: out, out: path.join(root, 'heard') }, quiet);
    await expect(refused).rejects.toMatchObject({
      code: 'embed/index-unreadable',
      message: expect.stringMatching(new RegExp(`index\\.jsonl.*${where}`)) as string,
    });
    // What can be made again is: encoding takes such a line for none.
    const again = await host.call(embed, { run, split: 'test', out }, quiet);
    expect(again).toMatchObject({ recordings: 1, failed: [] });
  });

  it('names a file that the index has and the folder has not, and a folder without an index', async () => {
    const { host, root } = await latentHost(clips);
    const out = path.join(root, 'codes');
    const heard = path.join(root, 'heard');
    await host.call(embed, { run, split: 'test', out }, quiet);
    rmSync(path.join(out, '9.npy'));
    const { failed, sounds } = await host.call(unembed, { folder: out, out: heard }, quiet);
    expect({ failed, sounds }).toMatchObject({
      failed: [{ source: path.join(out, '9.npy'), code: 'files/npy-unreadable' }],
      sounds: [],
    });
    rmSync(path.join(out, 'index.jsonl'));
    const empty = host.call(unembed, { folder: out, out: heard }, quiet);
    await expect(empty).rejects.toMatchObject({
      code: 'embed/no-embedding',
      message: expect.stringContaining('index is empty') as string,
    });
  });
});

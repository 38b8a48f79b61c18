import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  generateClassMeans,
  generatedClip,
  generatedList,
  generateInterpolate,
} from '../../../src-preload/contract/commands/generate.ts';
import {
  latentAbilities,
  latentClip,
  latentEncode,
  latentMap,
  latentNeighbours,
  latentSeparation,
} from '../../../src-preload/contract/commands/latent.ts';
import { latentLayout } from '../../../src-preload/contract/events/latent.ts';
import { readNpy } from '../../../src-main/files/npy-matrix.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { quiet } from '../open-test-host.ts';
import { latentHost, tenClips } from './latent-host.ts';

const run = 'Tiny';
const split = 'train' as const;

describe('codes of a run', () => {
  it('are encoded once, written for Python, laid out, compared and heard', async () => {
    const { host, root } = await latentHost(tenClips);
    const out = path.join(root, 'out', 'codes.npy');
    const first = await host.call(latentEncode, { run, split, out }, quiet);
    expect(first).toMatchObject({
      count: 10,
      latentDim: 4,
      cached: false,
      identity: { run: 'tiny', step: 7 },
    });
    expect(await readNpy(out)).toMatchObject({ shape: [10, 4] });
    const index = readFileSync(path.join(root, 'out', 'codes.index.csv'), 'utf8').split('\r\n');
    expect(index[0]).toBe('row,path,label,speaker,split,durationSec,klNats');
    expect(index[2]).toMatch(/^1,1\.wav,odd,s1,train,0\.06,/);

    const file = path.join(root, 'map.csv');
    const map = await host.call(latentMap, { run, split, errors: true, out: file }, quiet);
    expect(map).toMatchObject({ method: 'pca', split: 'train', dataset: { name: 'tones' } });
    expect(map.points.recordings).toEqual(tenClips.map(({ id }) => id));
    expect(map.points.mse?.every((value) => value > 0 && value < 1)).toBe(true);
    expect(map.explained.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(readFileSync(file, 'utf8').split('\r\n')[0]).toBe(
      'row,path,label,speaker,split,x,y,durationSec,klNats,mse',
    );
    // The errors were new, the codes are not asked for again.
    expect((await host.call(latentMap, { run, split, errors: true }, quiet)).cached).toBe(true);

    const { neighbours } = await host.call(latentNeighbours, { run, split, recording: '3.wav', n: 4 }, quiet);
    expect(neighbours).toHaveLength(4);
    expect(neighbours.map(({ recording }) => recording)).not.toContain('3.wav');
    const separation = await host.call(latentSeparation, { run, split, by: 'speaker', k: 3 }, quiet);
    expect(separation).toMatchObject({ classes: 3, counted: 10, of: 10, chanceAccuracy: 0.4 });

    const heard = await host.call(latentClip, { run, recording: '3.wav', kind: 'reconstruction' }, quiet);
    expect(heard).toMatchObject({ step: 7, picture: { bins: 32 }, sound: { sampleRateHz: 8000 } });
    const ceiling = await host.call(
      latentClip,
      { run, recording: '3.wav', kind: 'ceiling', sound: false },
      quiet,
    );
    expect(ceiling).toMatchObject({
      step: null,
      sound: null,
      picture: heard.picture && { minDb: heard.picture.minDb },
    });
    expect(await host.call(latentAbilities, { run }, quiet)).toMatchObject({ encode: null, prior: null });
  });

  it('tell layouts on the way to who watches, alike for a seed, and stop for who has taken it back', async () => {
    const { host } = await latentHost(tenClips);
    const told: { watch: string; iteration: number; x: Float32Array }[] = [];
    const publish = host.services.hub.publish.bind(host.services.hub);
    host.services.hub.publish = (event, payload) => {
      if ((event as object) === latentLayout) told.push(latentLayout.payload.parse(payload));
      return publish(event, payload);
    };
    const input = { run, split, method: 'tsne', iterations: 60, seed: 3, watch: 'here' } as const;
    const one = await host.call(latentMap, input, quiet);
    expect(told.length).toBeGreaterThan(0);
    expect(told.every(({ watch, x }) => watch === 'here' && x.length === 10)).toBe(true);
    const two = await host.call(latentMap, input, quiet);
    expect([...two.x]).toEqual([...one.x]);
    expect(one.how).toContain('perplexity 3');
    expect([...one.divergence.iterations]).toEqual([1, 10, 20, 30, 40, 50, 60]);
    const umap = await host.call(latentMap, { run, split, method: 'umap', neighbours: 4 }, quiet);
    expect(umap.x.every(Number.isFinite)).toBe(true);

    const controller = new AbortController();
    const progress = ({ stage }: { stage: string }): void => {
      if (stage.startsWith('Moving')) controller.abort();
    };
    const long = { run, split, method: 'tsne', iterations: 5000 } as const;
    const options = { signal: controller.signal, progress };
    await expect(host.call(latentMap, long, options)).rejects.toMatchObject({ code: 'internal/cancelled' });
  });

  it('are refused where nothing can be done with them, by name', async () => {
    const alike = tenClips.map((one) => ({ ...one, label: null, speaker: 'one' }));
    const { host, runFolder } = await latentHost([...alike, { id: 'test.wav', split: 'test' }]);
    const refused = (promise: Promise<unknown>, code: string) =>
      expect(promise).rejects.toMatchObject({ code });
    await refused(host.call(latentMap, { run, split: 'validation' }, quiet), 'dataset/split-empty');
    await refused(host.call(latentMap, { run, split: 'test' }, quiet), 'latent/too-few');
    await refused(
      host.call(latentMap, { run, split, method: 'tsne', perplexity: 9 }, quiet),
      'latent/perplexity',
    );
    await refused(host.call(latentSeparation, { run, split }, quiet), 'latent/no-classes');
    await refused(host.call(latentSeparation, { run, split, by: 'speaker' }, quiet), 'latent/one-class');
    await refused(
      host.call(latentNeighbours, { run, split, recording: 'none' }, quiet),
      'latent/recording-unknown',
    );
    await refused(
      host.call(latentClip, { run, recording: '../x', kind: 'original' }, quiet),
      'latent/recording-unknown',
    );
    await refused(host.call(latentMap, { run, split, checkpoint: 8 }, quiet), 'runs/checkpoint-missing');
    await refused(host.call(generateClassMeans, { run, split }, quiet), 'latent/no-classes');
    await refused(
      host.call(generateClassMeans, { run, split, by: 'speaker', of: ['two'] }, quiet),
      'latent/class-unknown',
    );
    await refused(
      host.call(generateInterpolate, { run, from: '1.wav', to: '1.wav' }, quiet),
      'latent/same-clip',
    );
    rmSync(runFiles(runFolder).checkpoints, { recursive: true });
    await refused(host.call(latentEncode, { run, split }, quiet), 'runs/checkpoint-missing');
  });
});

describe('generated clips of a run', () => {
  it('are kept under the name of their recipe, heard, copied, listed and deleted', async () => {
    const { host, root, runFolder } = await latentHost(tenClips);
    const input = { run, split, iterations: 2, checkpoint: 'last', out: path.join(root, 'copy') } as const;
    const one = await host.call(generateClassMeans, input, quiet);
    expect(one).toMatchObject({
      known: false,
      set: { clips: [{ title: 'even', meanOf: 5 }, { title: 'odd' }] },
    });
    expect(readdirSync(path.join(root, 'copy')).sort()).toEqual(
      ['recipe.json', '001 even.wav', '001 even.png', '002 odd.wav', '002 odd.png'].sort(),
    );
    // By step it is the same recipe: the name of a checkpoint is not what was computed.
    const again = await host.call(generateClassMeans, { ...input, checkpoint: 7 }, quiet);
    expect(again).toMatchObject({ known: true, set: { id: one.set.id } });
    // Each class is drawn by itself: alone it is the same sound.
    const alone = await host.call(generateClassMeans, { ...input, of: ['odd'] }, quiet);
    expect(alone.set.clips[0]?.sha256).toBe(one.set.clips[1]?.sha256);

    const clip = await host.call(generatedClip, { run, set: one.set.id, clip: 1 }, quiet);
    expect(clip.sound?.samples.length).toBe(Math.floor(0.15 * 8000));
    expect(clip.sound?.samples.some((sample) => sample !== 0)).toBe(true);
    await expect(host.call(generatedClip, { run, set: one.set.id, clip: 2 }, quiet)).rejects.toMatchObject({
      code: 'latent/generated-clip-unknown',
    });
    await expect(host.call(generatedClip, { run, set: '..', clip: 0 }, quiet)).rejects.toMatchObject({
      code: 'latent/generated-unknown',
    });

    // What a power cut left is told, and does not hide the others.
    rmSync(path.join(runFolder, 'generated', alone.set.id, 'recipe.json'));
    const listed = await host.call(generatedList, { run }, quiet);
    expect(listed.sets.map(({ id }) => id)).toEqual([one.set.id]);
    expect(listed.damaged).toEqual([alone.set.id]);
    expect(listed.bytes).toBeGreaterThan(1000);
  });

  it('are refused of a class of one clip, and leave it out of all classes with a note', async () => {
    const { host } = await latentHost([
      ...tenClips,
      { id: 'x.wav', split: 'train', label: 'rare', speaker: 's0' },
    ]);
    const input = { run, split, iterations: 2, spread: 'full' } as const;
    await expect(host.call(generateClassMeans, { ...input, of: ['rare'] }, quiet)).rejects.toMatchObject({
      code: 'latent/class-too-small',
      params: { name: 'rare', count: 1 },
    });
    const { set } = await host.call(generateClassMeans, input, quiet);
    expect(set.clips.map(({ title }) => title)).toEqual(['even', 'odd']);
    expect(set.notes).toEqual([expect.stringContaining('"rare" was left out')]);
  });
});

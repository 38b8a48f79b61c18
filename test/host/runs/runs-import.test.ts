import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint } from '../../../src-preload/contract/commands/import-checkpoint.ts';
import { runsExport, runsWeights } from '../../../src-preload/contract/commands/runs.ts';
import { uploadsPut } from '../../../src-preload/contract/commands/uploads.ts';
import { readPyTorch } from '../../../src-main/checkpoints/pytorch.ts';
import { readNpy } from '../../../src-main/files/npy-matrix.ts';
import { listZip, readZipEntry } from '../../../src-main/files/zip.ts';
import { handleRunsExport, handleRunsWeights } from '../../../src-main/host/runs/runs-export.ts';
import { handleUploadsPut } from '../../../src-main/host/uploads/commands.ts';
import { handleImportCheckpoint, handleImportUpload } from '../../../src-main/host/runs/runs-import.ts';
import { openRun } from '../../../src-main/host/runs/runs.ts';
import { parseIni } from '../../../src-main/checkpoints/ini.ts';
import { parseConfig } from '../../../src-main/models/config.ts';
import { readReferenceConfig } from '../../../src-main/models/dynamical/reference-config.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { familyById } from '../../../src-main/models/registry.ts';
import { readCheckpoint } from '../../../src-main/trainer/checkpoint.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { decodeSafetensors } from '../../../src-main/trainer/safetensors.ts';
import { pickle, tuple, global, text } from '../../checkpoints/pickle-writer.ts';
import {
  smallIni,
  smallShapes,
  writeCheckpointFile,
  writeZipCheckpoint,
} from '../../checkpoints/small-checkpoint.ts';
import { referenceFolder } from '../../helpers/reference-data.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { contextOf, openTestHost } from '../open-test-host.ts';

async function bench() {
  const folder = await temporaryFolder();
  const host = await openTestHost(path.join(folder, 'home'));
  const take = async (file: string, ini = smallIni, more: object = {}) => {
    const config = path.join(folder, 'config.ini');
    writeFileSync(config, ini);
    const input = importCheckpoint.input.parse({ file, config, ...more });
    return importCheckpoint.output.parse(await handleImportCheckpoint(input, contextOf(host)));
  };
  return { folder, host, take, runs: () => readdirSync(host.home.runs) };
}

async function readNpz(file: string): Promise<Map<string, { shape: number[]; data: Float32Array }>> {
  const arrays = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const entry of await listZip(file)) {
    const npy = path.join(await temporaryFolder(), 'a.npy');
    writeFileSync(npy, await readZipEntry(file, entry, 1e6));
    arrays.set(entry.name.replace(/\.npy$/, ''), await readNpy(npy));
  }
  return arrays;
}

async function readSafetensors(file: string) {
  const { tensors, metadata } = decodeSafetensors(readFileSync(file), file);
  expect(metadata).toMatchObject({ format: 'pt', preset: 'dvae-vae', step: '0' });
  return tensors;
}

describe('import-checkpoint', () => {
  it('makes a run like any other: settings, weights, fresh moments, finished', async () => {
    const { folder, host, take } = await bench();
    const made = await take(writeCheckpointFile(folder, 'VAE_final_epoch31.pt'), smallIni, { name: 'mine' });
    expect(made).toMatchObject({ name: 'mine', preset: 'dvae-vae', family: 'dvae-vae', tensors: 10 });
    const { record, status } = openRun(host.home, made.run);
    expect(status).toMatchObject({ state: 'finished', epoch: 31, epochs: 31, lastCheckpoint: 0 });
    const config = parseConfig(record.config);
    expect(config.model).toMatchObject({ latentDim: 2, denseXToZ: [3] });
    expect(config.training).toMatchObject({ learningRate: 0.002, batchSize: 4, earlyStoppingPatience: 20 });
    expect(config.features).toMatchObject({
      sampleRateHz: 1000,
      nFft: 16,
      hopLength: 8,
      frames: 12,
      trimDb: 30,
    });
    const { state } = readCheckpoint(runFiles(made.folder).checkpoints, 0);
    expect(state.get('mlp_x_z.linear0.weight')?.shape).toEqual([3, 9]);
    expect(state.get('mlp_x_z.linear0.weight')?.data[4]).toBeCloseTo(0.05, 6);
    expect(state.get('gen_logvar.bias')?.data[8]).toBeCloseTo(0.91, 6);
    expect([...state.get('adam/m/inf_mean.bias')!.data]).toEqual([0, 0]);
    expect(state.get('adam/step')).toEqual({ data: new Int32Array(1), shape: [] });
    expect(made.notes.join(' ')).toContain("Adam's moments begin at zero");
  });

  it('takes a list of nothing as the identity', async () => {
    const { folder, take, host } = await bench();
    const shapes = [
      ...[['inf_mean.weight', [2, 9]] as const, ['inf_mean.bias', [2]] as const],
      ...[['inf_logvar.weight', [2, 9]] as const, ['inf_logvar.bias', [2]] as const],
      ...[['gen_logvar.weight', [9, 2]] as const, ['gen_logvar.bias', [9]] as const],
    ];
    const made = await take(
      writeCheckpointFile(folder, 'a.pt', shapes),
      smallIni.replace('dense_x_z = 3', 'dense_x_z ='),
    );
    expect(openRun(host.home, made.run).record.config.model.denseXToZ).toEqual([]);
  });

  it.each([
    ['a tensor that is missing', smallShapes.slice(1), /has no mlp_x_z.linear0.weight/],
    ['a tensor too many', [...smallShapes, ['extra.bias', [2]] as const], /extra.bias/],
    [
      'a tensor of another shape',
      smallShapes.map(([name, shape]) => [name, name === 'inf_mean.bias' ? [7] : shape] as const),
      /inf_mean.bias is \[7\] there and \[2\] in the model/,
    ],
  ])('refuses %s by name, and leaves nothing behind', async (_, shapes, message) => {
    const { folder, take, runs } = await bench();
    await expect(take(writeCheckpointFile(folder, 'a.pt', shapes))).rejects.toMatchObject({
      code: 'checkpoints/mismatch',
      message: expect.stringMatching(message) as unknown,
    });
    expect(runs()).toEqual([]);
  });

  it('refuses numbers that are not finite', async () => {
    const { folder, take, runs } = await bench();
    const file = writeCheckpointFile(folder, 'a.pt', smallShapes, (index) => (index === 3 ? NaN : 1));
    await expect(take(file)).rejects.toMatchObject({ code: 'checkpoints/not-finite' });
    expect(runs()).toEqual([]);
  });

  it('refuses a pickle that asks for a call, and does nothing of it', async () => {
    const { folder, take, runs } = await bench();
    const file = path.join(folder, 'bad.pt');
    const proof = path.join(folder, 'proof');
    writeFileSync(
      file,
      pickle(Buffer.concat([global('os', 'system'), tuple([text(`touch ${proof}`)]), Buffer.from('R')])),
    );
    await expect(take(file)).rejects.toMatchObject({ code: 'checkpoints/forbidden' });
    expect(readdirSync(folder)).not.toContain('proof');
    expect(runs()).toEqual([]);
  });

  it.each([
    ['an unknown key', 'z_dim = 2', 'z_dims = 2', /\[Network\] has no key z_dims. Did you mean "?z_dim/],
    ['an unknown section', '[User]', '[Users]', /no section \[Users\]/],
    ['an unknown model', 'name = VAE', 'name = VEA', /"VEA"/],
    ['another number of bins', 'x_dim = 9', 'x_dim = 257', /x_dim is 257.*9 bins/],
    ['a key twice', 'z_dim = 2', 'z_dim = 2\nz_dim = 3', /twice/],
    ['a line of nothing known', 'z_dim = 2', 'z_dim', /neither a section nor a key/],
    ['filled frames', 'zp_percent = 0', 'zp_percent = 0.5', /zp_percent/],
    ['a truth value that is none', 'trim = True', 'trim = maybe', /neither True nor False/],
  ])('refuses a configuration with %s', async (_, from, to, message) => {
    const { folder, take, runs } = await bench();
    const file = writeCheckpointFile(folder, 'a.pt');
    await expect(take(file, smallIni.replace(from, to))).rejects.toMatchObject({
      code: 'checkpoints/config-invalid',
      message: expect.stringMatching(message) as unknown,
    });
    expect(runs()).toEqual([]);
  });

  it('refuses a setting out of range as `train --set` does, and files that are not there', async () => {
    const { folder, take } = await bench();
    const file = writeCheckpointFile(folder, 'a.pt');
    await expect(take(file, smallIni.replace('dropout_p = 0', 'dropout_p = 2'))).rejects.toMatchObject({
      code: 'models/setting-invalid',
    });
    await expect(take(path.join(folder, 'none.pt'))).rejects.toMatchObject({
      code: 'checkpoints/unreadable',
    });
  });

  it.each(['safetensors', 'npz'] as const)(
    'gives back the very arrays under their names, as %s',
    async (format) => {
      const { folder, host, take } = await bench();
      const made = await take(writeCheckpointFile(folder, 'a.pt'));
      const out = path.join(folder, 'new', `a.${format}`);
      const ask = () =>
        handleRunsExport(runsExport.input.parse({ run: made.run, out, format }), contextOf(host));
      expect(await ask()).toMatchObject({ step: 0, folder: path.dirname(out), files: [`a.${format}`] });
      const given = await readPyTorch(path.join(folder, 'a.pt'));
      const found = await (format === 'npz' ? readNpz(out) : readSafetensors(out));
      expect([...found.keys()]).toEqual([...given.keys()]);
      for (const [name, { shape, data }] of given)
        expect(found.get(name)).toEqual({ shape: [...shape], data });
      const sent = await handleRunsWeights(
        runsWeights.input.parse({ run: made.run, format }),
        contextOf(host),
      );
      expect(sent.fileName).toBe(`${made.name}-0.${format}`);
      expect(Buffer.from(sent.bytes).equals(readFileSync(out))).toBe(true);
      await expect(ask()).rejects.toMatchObject({ code: 'files/exists' });
    },
  );

  it('takes in files that a page gave, and tells by their names there what is refused', async () => {
    const { folder, host, runs } = await bench();
    const context = contextOf(host);
    const give = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
      const input = uploadsPut.input.parse({ name, bytes: bytes.length, offset: 0, piece: bytes });
      return (await handleUploadsPut(input, context)).upload;
    };
    const file = await give(
      'VAE_final_epoch7.pt',
      new Uint8Array(readFileSync(writeCheckpointFile(folder, 'a.pt'))),
    );
    const config = await give('config.ini', new TextEncoder().encode(smallIni));
    const made = await handleImportUpload({ file, config, name: 'dropped' }, context);
    expect(openRun(host.home, made.run).status).toMatchObject({
      epoch: 7,
      reason: 'imported from VAE_final_epoch7.pt',
    });
    const wrong = await give(
      'wrong.ini',
      new TextEncoder().encode(smallIni.replace('z_dim = 2', 'z_dim = 3')),
    );
    await expect(handleImportUpload({ file, config: wrong }, context)).rejects.toMatchObject({
      code: 'checkpoints/mismatch',
      message: expect.stringMatching(
        /^VAE_final_epoch7.pt is not of the model that wrong.ini describes/,
      ) as unknown,
    });
    const text = await give('notes.pt', new TextEncoder().encode('no checkpoint'));
    await expect(handleImportUpload({ file: text, config }, context)).rejects.toMatchObject({
      code: 'checkpoints/not-pytorch',
      params: { file: 'notes.pt' },
    });
    expect(runs()).toEqual([made.run]);
  });

  const folder = referenceFolder('reference', 'dvae-checkpoints');
  const golden = referenceFolder('reference', 'dvae');
  it.skipIf(!golden)('takes in every model in other sizes, in the format of today too', async () => {
    const { folder: scratch, take } = await bench();
    for (const model of readdirSync(golden ?? '').filter((name) => /^[A-Z]/.test(name))) {
      // Any numbers of units will do: half of the bins, odd codes, fewer and more layers of MLPs.
      const ini = readFileSync(path.join(golden ?? '', model, 'config.ini'), 'utf8')
        .replace('32e-3', '16e-3')
        .replace(/x_dim = \d+/, 'x_dim = 129')
        .replace(/z_dim = \d+/, 'z_dim = 5')
        .replace(/(dim_rnn\w* = )\d+/gi, '$112')
        .replace(/= 256\n/g, '= 24,7\n');
      const { preset, overrides } = readReferenceConfig(parseIni(ini));
      const config = resolveConfig({ preset, overrides });
      const specs = familyById(config.family).parameters({ config: config.model, features: config.features });
      const arrays = specs.map(({ name, shape }) => [name, shape] as const);
      const old = writeCheckpointFile(scratch, 'old.pt', arrays);
      expect(await take(old, ini)).toMatchObject({ preset, tensors: specs.length });
      const made = await take(writeZipCheckpoint(scratch, 'new.pt', arrays), ini);
      const { state } = readCheckpoint(runFiles(made.folder).checkpoints, 0);
      for (const [name, { shape, data }] of await readPyTorch(old)) {
        expect(state.get(name)).toEqual({ shape: [...shape], data });
      }
    }
  });

  it.skipIf(!folder)('takes in the published checkpoints', async () => {
    const { take } = await bench();
    for (const model of readdirSync(folder ?? '')) {
      const names = readdirSync(path.join(folder ?? '', model));
      const file = names.find((name) => name.endsWith('.pt')) ?? '';
      const ini = readFileSync(path.join(folder ?? '', model, 'config.ini'), 'utf8');
      const made = await take(path.join(folder ?? '', model, file), ini);
      expect(made.preset).toBe(`dvae-${model.toLowerCase()}`);
      expect(made.parameters).toBeGreaterThan(100_000);
    }
  });
});

import { didYouMean } from '../../../src-preload/contract/suggestion.ts';

/**
 * The configuration files of the published code of papers/004 (INI), as a preset and settings of ours. Every key is known
 * or refused by name; what has no meaning here (paths, workers) is known to have none.
 */

/** What a configuration file says that cannot be. */
export class ReferenceConfigError extends Error {}

/** Sections with their keys in small letters. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface ReferenceConfig {
  preset: string;
  /** As `train --set` takes them. */
  overrides: Record<string, string>;
  /** The number of bins that the network was made for. */
  bins: number;
  /** What differs between there and here. */
  notes: string[];
  /** Of the data that it was trained on, as the file calls it. */
  dataset: string | null;
}

interface ReferenceModel {
  preset: string;
  /** Settings of our family by the network's keys. */
  keys: Readonly<Record<string, string>>;
}

const models: Readonly<Record<string, ReferenceModel>> = {
  VAE: { preset: 'dvae-vae', keys: { dense_x_z: 'denseXToZ' } },
  DKF: {
    preset: 'dvae-dkf',
    keys: {
      dense_x_gx: 'denseXToGx',
      dim_rnn_gx: 'recurrentGx',
      num_rnn_gx: 'recurrentGxLayers',
      bidir_gx: 'bidirectionalGx',
      dense_ztm1_g: 'denseZToG',
      dense_g_z: 'denseGToZ',
      dense_z_x: 'denseZToX',
    },
  },
  STORN: {
    preset: 'dvae-storn',
    keys: {
      dense_x_g: 'denseXToG',
      dim_rnn_g: 'recurrentG',
      num_rnn_g: 'recurrentGLayers',
      dense_g_z: 'denseGToZ',
      dense_z_h: 'denseZToH',
      dense_xtm1_h: 'denseXToH',
      dense_h_x: 'denseHToX',
      dim_rnn_h: 'recurrentH',
      num_rnn_h: 'recurrentHLayers',
    },
  },
  VRNN: {
    preset: 'dvae-vrnn',
    keys: {
      dense_x: 'denseX',
      dense_z: 'denseZ',
      dense_hx_z: 'denseHxToZ',
      dense_hz_x: 'denseHzToX',
      dense_h_z: 'denseHToZ',
      dim_rnn: 'recurrent',
      num_rnn: 'recurrentLayers',
    },
  },
  SRNN: {
    preset: 'dvae-srnn',
    keys: {
      dense_x_h: 'denseXToH',
      dim_rnn_h: 'recurrentH',
      num_rnn_h: 'recurrentHLayers',
      dense_hx_g: 'denseHxToG',
      dim_rnn_g: 'recurrentG',
      num_rnn_g: 'recurrentGLayers',
      dense_gz_z: 'denseGzToZ',
      dense_hz_x: 'denseHzToX',
      dense_hz_z: 'denseHzToZ',
    },
  },
  RVAE: {
    preset: 'dvae-rvae-causal',
    keys: {
      dense_x_gx: 'denseXToGx',
      dim_rnn_g_x: 'recurrentGx',
      num_rnn_g_x: 'recurrentGxLayers',
      bidir_g_x: 'bidirectionalGx',
      dense_z_gz: 'denseZToGz',
      dim_rnn_g_z: 'recurrentGz',
      num_rnn_g_z: 'recurrentGzLayers',
      dense_g_z: 'denseGToZ',
      dense_z_h: 'denseZToH',
      dim_rnn_h: 'recurrentH',
      num_rnn_h: 'recurrentHLayers',
      bidir_h: 'bidirectionalH',
      dense_h_x: 'denseHToX',
    },
  },
  DSAE: {
    preset: 'dvae-dsae',
    keys: {
      v_dim: 'sequenceLatentDim',
      dense_x: 'denseX',
      dim_rnn_gv: 'recurrentGv',
      num_rnn_gv: 'recurrentGvLayers',
      dense_gv_v: 'denseGvToV',
      dense_xv_gxv: 'denseXv',
      dim_rnn_gxv: 'recurrentGxv',
      num_rnn_gxv: 'recurrentGxvLayers',
      dense_gxv_gz: 'denseGxvToGz',
      dim_rnn_gz: 'recurrentGz',
      num_rnn_gz: 'recurrentGzLayers',
      dim_rnn_prior: 'recurrentPrior',
      num_rnn_prior: 'recurrentPriorLayers',
      dense_vz_x: 'denseVzToX',
    },
  },
};

/** Of every network. */
const sharedKeys: Readonly<Record<string, string>> = {
  z_dim: 'latentDim',
  activation: 'activation',
  dropout_p: 'dropout',
};

const trainingKeys: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  beta: 'beta',
  batch_size: 'batchSize',
  epochs: 'epochs',
  early_stop_patience: 'earlyStoppingPatience',
};

/** Keys that mean nothing for what a model computes, or that are read one by one below. */
const otherKeys: Readonly<Record<string, readonly string[]>> = {
  User: ['logger_type', 'saved_root', 'train_data_dir', 'val_data_dir', 'print_model'],
  STFT: ['wlen_sec', 'hop_percent', 'fs', 'zp_percent', 'trim', 'verbose'],
  Network: ['name', 'x_dim', 'tag'],
  Training: ['use_cuda', 'optimization', 'save_frequency'],
  DataFrame: [
    'dataset_name',
    'suffix',
    'num_workers',
    'shuffle_file_list',
    'shuffle_samples_in_batch',
    'sequence_len',
    'use_random_seq',
  ],
};

/**
 * What a configuration file of the published code says.
 * @throws ReferenceConfigError naming the section and the key.
 */
export function readReferenceConfig(sections: Sections): ReferenceConfig {
  const network = required(sections, 'Network');
  const name = value(network, 'Network', 'name');
  const model = models[name];
  if (!model) {
    const known = Object.keys(models);
    throw new ReferenceConfigError(
      `[Network] name is "${name}". ${didYouMean(name, known)}The models are ${known.join(', ')}`,
    );
  }
  const networkKeys = { ...sharedKeys, ...model.keys };
  refuseUnknown(sections, { Network: Object.keys(networkKeys), Training: Object.keys(trainingKeys) });
  const overrides: Record<string, string> = {};
  const take = (section: string, prefix: string, keys: Readonly<Record<string, string>>): void => {
    for (const [key, setting] of Object.entries(keys)) {
      const text = sections.get(section)?.get(key);
      if (text !== undefined) overrides[`${prefix}.${setting}`] = settingText(key, text);
    }
  };
  take('Network', 'model', networkKeys);
  take('Training', 'training', trainingKeys);
  const notes: string[] = [];
  readSignal(sections, overrides);
  readData(sections, overrides, notes);
  const nonCausal =
    overrides['model.bidirectionalGx'] === 'true' && overrides['model.bidirectionalH'] === 'true';
  return {
    preset: name === 'RVAE' && nonCausal ? 'dvae-rvae-noncausal' : model.preset,
    overrides,
    bins: wholeNumber('[Network] x_dim', value(network, 'Network', 'x_dim')),
    notes,
    dataset: sections.get('DataFrame')?.get('dataset_name') ?? null,
  };
}

function refuseUnknown(sections: Sections, more: Readonly<Record<string, readonly string[]>>): void {
  for (const [section, entries] of sections) {
    const others = otherKeys[section];
    if (!others) {
      const known = Object.keys(otherKeys);
      throw new ReferenceConfigError(
        `there is no section [${section}]. ${didYouMean(section, known)}The sections are ${known.join(', ')}`,
      );
    }
    const known = [...others, ...(more[section] ?? [])];
    for (const key of entries.keys()) {
      if (known.includes(key)) continue;
      throw new ReferenceConfigError(`[${section}] has no key ${key}. ${didYouMean(key, known)}`.trimEnd());
    }
  }
}

/** Window, hop and trimming. */
function readSignal(sections: Sections, overrides: Record<string, string>): void {
  const signal = required(sections, 'STFT');
  const number = (key: string): number => finite(`[STFT] ${key}`, value(signal, 'STFT', key));
  const rate = number('fs');
  const window = Math.round(number('wlen_sec') * rate);
  const zeros = signal.has('zp_percent') ? number('zp_percent') : 0;
  if (zeros !== 0)
    throw new ReferenceConfigError('[STFT] zp_percent is not 0: frames are not filled with zeros here');
  overrides['features.sampleRateHz'] = String(rate);
  // The reference takes the next power of two, which for its own windows is the window.
  overrides['features.nFft'] = String(window);
  overrides['features.hopLength'] = String(Math.round(number('hop_percent') * window));
  overrides['features.trimDb'] = truth('[STFT] trim', signal.get('trim') ?? 'True') ? '30' : '0';
}

function readData(sections: Sections, overrides: Record<string, string>, notes: string[]): void {
  const data = sections.get('DataFrame');
  const frames = data?.get('sequence_len');
  if (frames !== undefined) overrides['features.frames'] = frames;
  if (data?.get('use_random_seq') === 'True') {
    notes.push('use_random_seq: sequences are cut one after the other here, not at random places.');
  }
  const optimizer = sections.get('Training')?.get('optimization');
  if (optimizer !== undefined && optimizer !== 'adam') {
    notes.push(`optimization ${optimizer}: what is trained on here is trained with Adam.`);
  }
}

/** Lists as they are; no list is the identity; Python's truth values. */
function settingText(key: string, text: string): string {
  if (key.startsWith('dense_') && text === '') return '[]';
  if (key.startsWith('bidir_')) return String(truth(key, text));
  return text.replaceAll(/\s+/g, '');
}

function truth(key: string, text: string): boolean {
  const low = text.toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(low)) return true;
  if (['false', 'no', 'off', '0'].includes(low)) return false;
  throw new ReferenceConfigError(`${key} is "${text}", neither True nor False`);
}

function finite(key: string, text: string): number {
  const number = Number(text);
  if (text === '' || !Number.isFinite(number))
    throw new ReferenceConfigError(`${key} is "${text}", no number`);
  return number;
}

function wholeNumber(key: string, text: string): number {
  const number = finite(key, text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new ReferenceConfigError(`${key} is "${text}", no count`);
  return number;
}

function required(sections: Sections, name: string): ReadonlyMap<string, string> {
  const section = sections.get(name);
  if (!section) throw new ReferenceConfigError(`the section [${name}] is missing`);
  return section;
}

function value(section: ReadonlyMap<string, string>, name: string, key: string): string {
  const found = section.get(key);
  if (found === undefined || found === '') throw new ReferenceConfigError(`[${name}] ${key} is missing`);
  return found;
}

import type { RunFacts } from './differences.ts';

/** What of a comparison has to be read with care. */
export type CautionAbout = 'clips' | 'losses' | 'sound' | 'total';

/** Something that cannot be compared between runs, and what can be instead. */
export interface Caution {
  about: CautionAbout;
  text: string;
}

interface NamedFacts {
  name: string;
  facts: RunFacts;
}

/** Settings that say how the total loss is put together from its parts. */
const weights = ['family', 'model.reconstruction', 'model.reconstructionWeight', 'training.beta'];

/**
 * What cannot be compared between runs, from what they are made of: other recordings, other rates, other features, other
 * losses. An empty list where all may be set beside each other.
 */
export function cautionsOf(runs: readonly NamedFacts[]): Caution[] {
  if (runs.length < 2) return [];
  const cautions: Caution[] = [];
  const datasets = groupsOf(runs, ({ facts }) => facts['data.dataset'] ?? null);
  const splits = groupsOf(runs, ({ facts }) => facts['data.splitHash'] ?? null);
  const rates = groupsOf(runs, ({ facts }) => facts['features.sampleRateHz'] ?? null);
  if (datasets.length > 1) {
    cautions.push({
      about: 'clips',
      text: `They learned from different datasets: ${listed(datasets, (value) => String(value))}. Losses are over different recordings and say nothing of each other; only recordings that both have, to the byte, are beside each other.`,
    });
  } else if (splits.length > 1) {
    cautions.push({
      about: 'clips',
      text: `They were validated on different recordings of one dataset (${splits.length} splits): lower is not better between them. Only clips that both have are beside each other.`,
    });
  }
  if (rates.length > 1) {
    cautions.push({
      about: 'sound',
      text: `They work at different rates: ${listed(rates, rateText)}. To be heard in step all are resampled to the highest; what a rate cannot hold stays blank in its pictures.`,
    });
  }
  const features = otherFeatures(runs);
  if (features.length > 0 || rates.length > 1) {
    const which = [
      ...(rates.length > 1 ? ['rate'] : []),
      ...features.map((key) => key.slice('features.'.length)),
    ];
    cautions.push({
      about: 'losses',
      text: `Their spectrograms are made differently (${which.join(', ')}): losses are per their own input. Compare by ear, or by metrics of the sound.`,
    });
  }
  const weighted = weights.filter((key) => groupsOf(runs, ({ facts }) => facts[key] ?? null).length > 1);
  if (weighted.length > 0) {
    const names = weighted.map((key) => key.slice(key.indexOf('.') + 1));
    cautions.push({
      about: 'total',
      text: `Their total losses are put together differently (${names.join(', ')}): compare KL and MSE instead.`,
    });
  }
  return cautions;
}

/** Metrics of the sound that comes out, whatever the model is fed. */
const ofSound = /^(pesq|stoi|estoi|si-?sdr|si-?snr|snr|lsd|mcd|f0)/i;

/** Whether one run's value of a metric may be called better than another's. */
export function isComparable(cautions: readonly Pick<Caution, 'about'>[], key: string): boolean {
  return !cautions.some(({ about }) => {
    if (about === 'clips') return true;
    if (about === 'losses') return !ofSound.test(key);
    return about === 'total' && (key === 'total' || key === 'reconstruction');
  });
}

function otherFeatures(runs: readonly NamedFacts[]): string[] {
  const keys = new Set(runs.flatMap(({ facts }) => Object.keys(facts)));
  return [...keys].filter(
    (key) =>
      key.startsWith('features.') &&
      key !== 'features.sampleRateHz' &&
      groupsOf(runs, ({ facts }) => facts[key] ?? null).length > 1,
  );
}

interface Group {
  value: unknown;
  names: string[];
}

function groupsOf(runs: readonly NamedFacts[], valueOf: (run: NamedFacts) => unknown): Group[] {
  const groups = new Map<string, Group>();
  for (const run of runs) {
    const value = valueOf(run);
    const word = JSON.stringify(value);
    const group = groups.get(word);
    if (!group) groups.set(word, { value, names: [run.name] });
    else if (!group.names.includes(run.name)) group.names.push(run.name);
  }
  return [...groups.values()];
}

/** 'fsdd (alpha, beta), sample-corpus (gamma)': so many names and no more, or it is a table. */
function listed(groups: readonly Group[], text: (value: unknown) => string): string {
  const shown = groups.slice(0, 3).map(({ value, names }) => {
    const rest = names.length > 2 ? ` and ${names.length - 2} more` : '';
    return `${text(value)} (${names.slice(0, 2).join(', ')}${rest})`;
  });
  return [...shown, ...(groups.length > 3 ? [`${groups.length - 3} more`] : [])].join(', ');
}

function rateText(value: unknown): string {
  return typeof value === 'number' ? `${value / 1000} kHz` : 'unknown';
}

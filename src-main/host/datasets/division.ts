import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Division, SplitBasis, SplitScheme } from '../../store/database/types.ts';

/**
 * Divisions of a dataset into train (0), validation (1) and test (2), from a seed. Which split a recording falls into
 * depends on the seed and the recordings' own ids, labels and speakers, never on the order in which they were found.
 */

const train = 0;
const validation = 1;
const test = 2;

/** Splits but for train, and the share of each. */
function shares(scheme: SplitScheme): { split: number; share: number }[] {
  return [
    { split: test, share: scheme.test },
    { split: validation, share: scheme.validation },
  ].filter(({ share }) => share > 0);
}

/**
 * Divides all of a dataset anew.
 *
 * @throws ResynthError dataset/split-shares, dataset/split-speakers.
 */
export function divide(basis: SplitBasis, scheme: SplitScheme, name: string): Division {
  if (scheme.validation + scheme.test >= 1) {
    throw new ResynthError('dataset/split-shares', { validation: scheme.validation, test: scheme.test });
  }
  const { revision } = basis;
  if (scheme.rule === 'corpus') return { revision, split: basis.corpusSplit.slice() };
  if (scheme.rule === 'stratified') return { revision, split: stratified(basis, scheme) };
  refuseTooFewSpeakers(basis, scheme, name);
  const free = basis.speakers.map(() => null);
  return { revision, split: bySpeaker(basis, scheme, free) };
}

/**
 * The division of a dataset that was read again: recordings that were there keep their split, new ones are divided by the
 * same rule. One of a known speaker goes where the speaker is; otherwise it is the seed that decides, for each by itself.
 */
export function extendDivision(basis: SplitBasis, scheme: SplitScheme): Division {
  const { revision, fresh } = basis;
  const split = basis.split.slice();
  if (scheme.rule === 'stratified') {
    for (let row = 0; row < split.length; row++) {
      if (fresh[row] !== 1) continue;
      const place = shuffleKey(basis.idHash[row]!, scheme.seed) / 2 ** 32;
      split[row] = place < scheme.test ? test : place < scheme.test + scheme.validation ? validation : train;
    }
  } else if (scheme.rule === 'speakers') {
    const held: (number | null)[] = basis.speakers.map(() => null);
    for (let row = 0; row < split.length; row++) {
      if (fresh[row] !== 1 && basis.speaker[row]! >= 0) held[basis.speaker[row]!] = split[row]!;
    }
    const extended = bySpeaker(basis, scheme, held);
    for (let row = 0; row < split.length; row++) if (fresh[row] === 1) split[row] = extended[row]!;
  }
  return { revision, split };
}

/** Each label in the same shares: its recordings in the seed's order, the first for test, the next for validation. */
function stratified(basis: SplitBasis, scheme: SplitScheme): Uint8Array<ArrayBuffer> {
  const split = new Uint8Array(basis.recordings);
  const owed = [0, 0, 0];
  for (const rows of rowsByLabel(basis)) {
    const order = shuffled(rows, basis.idHash, scheme.seed);
    let next = 0;
    for (const { split: which, share } of shares(scheme)) {
      // What rounding takes from one label it gives to another, so that the whole has its shares too.
      const exact = share * rows.length + owed[which]!;
      const count = Math.max(0, Math.min(rows.length - next, Math.round(exact)));
      owed[which] = exact - count;
      for (let taken = 0; taken < count; taken++) split[order[next++]!] = which;
    }
  }
  return split;
}

/** Rows of each label in order of the label's name, those without one last. */
function rowsByLabel({ labels, label }: SplitBasis): number[][] {
  const groups: number[][] = Array.from({ length: labels.length + 1 }, () => []);
  for (let row = 0; row < label.length; row++) {
    const index = label[row]!;
    groups[index < 0 ? labels.length : index]!.push(row);
  }
  const byName = labels.map((name, index) => ({ name, index }));
  byName.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...byName.map(({ index }) => groups[index]!), groups[labels.length]!].filter(
    ({ length }) => length > 0,
  );
}

/**
 * Whole speakers, in the seed's order, each to the split that lacks most of its share of the hours. `held` are the splits of
 * speakers that have one already. Recordings without a speaker are for training.
 */
function bySpeaker(
  basis: SplitBasis,
  scheme: SplitScheme,
  held: readonly (number | null)[],
): Uint8Array<ArrayBuffer> {
  const seconds = basis.speakers.map(() => 0);
  for (let row = 0; row < basis.recordings; row++) {
    const speaker = basis.speaker[row]!;
    if (speaker >= 0) seconds[speaker] = seconds[speaker]! + basis.durationSec[row]!;
  }
  const total = seconds.reduce((sum, one) => sum + one, 0);
  const given = [0, 0, 0];
  const chosen = [...held];
  for (const [speaker, split] of held.entries()) {
    if (split !== null) given[split] = given[split]! + seconds[speaker]!;
  }
  const targets = shares(scheme).map(({ split, share }) => ({ split, sec: share * total }));
  const give = (speaker: number, split: number) => {
    chosen[speaker] = split;
    given[split] = given[split]! + seconds[speaker]!;
  };
  for (const speaker of speakersInOrder(basis.speakers, scheme.seed)) {
    if (chosen[speaker] !== null) continue;
    const sec = seconds[speaker]!;
    const open = targets
      .filter((one) => given[one.split]! + sec <= one.sec + sec / 2)
      .sort((a, b) => given[a.split]! / a.sec - given[b.split]! / b.sec);
    give(speaker, open[0]?.split ?? train);
  }
  fillEmpty(targets, chosen, held, seconds);
  return Uint8Array.from(basis.speaker, (speaker) => (speaker < 0 ? train : (chosen[speaker] ?? train)));
}

/** A split that every speaker was too long for gets the shortest one of those for training, as long as one is left there. */
function fillEmpty(
  targets: readonly { split: number }[],
  chosen: (number | null)[],
  held: readonly (number | null)[],
  seconds: readonly number[],
): void {
  for (const { split } of targets) {
    if (chosen.includes(split)) continue;
    const forTraining = [...chosen.keys()].filter((speaker) => chosen[speaker] === train);
    const movable = forTraining.filter((speaker) => held[speaker] === null);
    movable.sort((a, b) => seconds[a]! - seconds[b]! || a - b);
    if (forTraining.length > 1 && movable[0] !== undefined) chosen[movable[0]] = split;
  }
}

function refuseTooFewSpeakers(basis: SplitBasis, scheme: SplitScheme, name: string): void {
  const needed = shares(scheme).length + 1;
  const unknown = basis.speaker.reduce((count, speaker) => count + (speaker < 0 ? 1 : 0), 0);
  if (unknown > 0) {
    throw new ResynthError('dataset/split-speakers-unknown', { name, unknown, recordings: basis.recordings });
  }
  if (basis.speakers.length < needed) {
    throw new ResynthError('dataset/split-speakers', { name, speakers: basis.speakers.length, needed });
  }
}

function speakersInOrder(speakers: readonly string[], seed: number): number[] {
  const keys = speakers.map((name, index) => ({ key: shuffleKey(hashText(name), seed), name, index }));
  keys.sort((a, b) => a.key - b.key || (a.name < b.name ? -1 : 1));
  return keys.map(({ index }) => index);
}

/** Rows in the seed's order; rows with equal keys in order of id, which is theirs. */
function shuffled(rows: readonly number[], idHash: Uint32Array, seed: number): number[] {
  // One number holds key and row, so that a typed array sorts them without calling back: 2^32 keys and 2^21 rows.
  const packed = Float64Array.from(
    rows,
    (row, at) => shuffleKey(idHash[row]!, seed) * 2 ** 21 + (at % 2 ** 21),
  );
  if (rows.length > 2 ** 21) {
    return [...rows].sort((a, b) => shuffleKey(idHash[a]!, seed) - shuffleKey(idHash[b]!, seed) || a - b);
  }
  packed.sort();
  return Array.from(packed, (value) => rows[value % 2 ** 21]!);
}

/** A number from a hash and the seed, 0 to 2^32 - 1: MurmurHash3's last mixing. */
function shuffleKey(hash: number, seed: number): number {
  let key = hash ^ Math.imul(seed, 0x9e3779b1);
  key = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  key = Math.imul(key ^ (key >>> 13), 0xc2b2ae35);
  return (key ^ (key >>> 16)) >>> 0;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

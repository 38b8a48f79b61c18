import { createHash } from 'node:crypto';

/**
 * What the sample corpus is made of: ten digits by four synthetic voices in fifteen variants each, as data. The same
 * recipe gives the same bytes, so its hash tells whether a folder holds this very corpus.
 */

/** To be raised when `sample-corpus-voice.ts` makes other bytes of the same recipe. */
const recipeVersion = 1;

export const sampleCorpusRateHz = 8000;

export interface Voice {
  name: string;
  /**
   * How its pitch is changed. Three take a factor for it; `rms` keeps its own whatever it is told (measured: 86 Hz), so
   * its speech is made longer by the factor and played faster by the same, which moves the formants as well, like a
   * smaller speaker's.
   */
  pitchBy: 'f0-shift' | 'playback';
}

export const voices: readonly Voice[] = [
  { name: 'awb', pitchBy: 'f0-shift' },
  { name: 'kal', pitchBy: 'f0-shift' },
  { name: 'rms', pitchBy: 'playback' },
  { name: 'slt', pitchBy: 'f0-shift' },
];

const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * The indices of the fifteen variants. By the rule of FSDD, 0 to 4 are for testing and 5 to 9 for validation; counting from
 * 0 would leave only a third for training. So two fall into each of those, and eleven into training.
 */
export const variantIndices: readonly number[] = [3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

/** One file of the corpus. */
export interface Utterance {
  /** `{digit}_{speaker}_{index}.wav`. */
  file: string;
  voice: Voice;
  text: string;
  /** Times the voice's own pitch. */
  pitch: number;
  /** Times the voice's own duration. */
  stretch: number;
  /** Peak relative to full scale. */
  peakDb: number;
}

const pitchRange = [0.8, 1.3] as const;
const stretchRange = [0.65, 1.05] as const;
const peakDbRange = [-18, -1] as const;

/** Every file, in order of name. */
export function sampleCorpusRecipe(): Utterance[] {
  const utterances = voices.flatMap((voice) =>
    digits.flatMap((text, digit) =>
      variantIndices.map((index, variant): Utterance => {
        const [pitch, stretch, level] = scatter(`${voice.name} ${text}`, variant);
        return {
          file: `${digit}_${voice.name}_${index}.wav`,
          voice,
          text,
          pitch: round(geometric(pitchRange, pitch)),
          stretch: round(geometric(stretchRange, stretch)),
          peakDb: round(peakDbRange[0] + (peakDbRange[1] - peakDbRange[0]) * level),
        };
      }),
    ),
  );
  return utterances.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** sha256 of everything that decides about the bytes. */
export function recipeHash(): string {
  const content = { recipeVersion, sampleCorpusRateHz, utterances: sampleCorpusRecipe() };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/**
 * Fifteen points that fill the unit cube evenly (Roberts' R3 sequence, a three-dimensional golden ratio), begun at another
 * place for each word of each voice: no two variants of a word are close to each other.
 */
function scatter(word: string, variant: number): [number, number, number] {
  const start = createHash('sha256').update(word).digest();
  const ratio = 1.2207440846057596;
  const coordinate = (axis: number) => {
    const offset = start.readUInt32BE(4 * axis) / 2 ** 32;
    return (offset + (variant + 1) / ratio ** (axis + 1)) % 1;
  };
  return [coordinate(0), coordinate(1), coordinate(2)];
}

function geometric([low, high]: readonly [number, number], at: number): number {
  return low * (high / low) ** at;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

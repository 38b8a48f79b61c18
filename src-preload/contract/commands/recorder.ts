import { z } from 'zod';
import { anyNumber } from '../binary.ts';
import { defineCommand } from '../command.ts';
import { soundSchema } from './recordings.ts';

// Recordings of prompts, made by oneself: papers/002 spoke the ten digits in turn, cut the recording by hand, named the
// pieces as FSDD does and made them louder. This does the same by rule.

/** What the digits are called when they are shown to be read out. */
export const digitWords = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
] as const;

export const recorderLimits = { prompts: 500, takes: 1000 } as const;

const prompts = z
  .array(z.string().trim().min(1).max(60))
  .min(1)
  .max(recorderLimits.prompts)
  .default([...digitWords])
  .meta({
    title: 'Prompts',
    help: 'What is said, in order; the digits zero to nine if left out. Repeat the flag for each.',
    placeholder: 'WORD',
  });

const speaker = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .meta({ title: 'Speaker', help: 'As it stands in the file names: letters, digits and hyphens.' });

const out = z.string().min(1).meta({
  title: 'Folder for the recordings',
  path: true,
  help: 'Made if it is not there; files that are there are never replaced.',
  placeholder: 'DIR',
});

const takes = z
  .int()
  .min(1)
  .max(recorderLimits.takes)
  .default(1)
  .meta({ title: 'Takes', help: 'How often each prompt is said.' });

/** How what was said is found, trimmed and levelled: the same in the window and on the command line. */
export const takeSettings = {
  thresholdDb: z.number().min(-90).max(0).optional().meta({
    title: 'Threshold',
    unit: 'dBFS',
    help: 'Level from which sound counts as speech; found by itself if left out.',
  }),
  gapSec: z.number().min(0.02).max(10).default(0.35).meta({
    title: 'Shortest pause',
    unit: 's',
    help: 'A shorter pause is part of what is said.',
  }),
  padSec: z.number().min(0).max(2).default(0.05).meta({
    title: 'Kept around it',
    unit: 's',
    help: 'Before and after what is said.',
  }),
  levelDb: z
    .union([z.number().min(-60).max(-3), z.literal('off')])
    .default(-20)
    .meta({
      title: 'Level',
      unit: 'dBFS',
      help: 'Of each recording while something is said; peaks stay below -1 dBFS. off leaves it as it is.',
      placeholder: 'N|off',
    }),
  sampleRateHz: z.int().min(4000).max(384_000).optional().meta({
    title: 'Sample rate',
    unit: 'Hz',
    help: 'Of the files; as recorded if left out. FSDD has 8000.',
  }),
};

/** One recording that was cut out. */
export const takeSchema = z.strictObject({
  prompt: z.string(),
  take: z.int(),
  file: z.string(),
  fromSec: z.number().meta({ unit: 's', help: 'Where it began in what was recorded.' }),
  durationSec: z.number().meta({ unit: 's' }),
  sampleRateHz: z.int(),
  gainDb: z.number().meta({ unit: 'dB' }),
  levelDb: anyNumber().meta({ unit: 'dBFS' }),
  peakDb: anyNumber().meta({ unit: 'dBFS' }),
  limited: z.boolean().meta({ help: 'Its peaks did not let it become as loud as asked.' }),
});
export type Take = z.output<typeof takeSchema>;

export const recordingsCut = defineCommand({
  name: 'recordings cut',
  summary: 'Cut a long recording of prompts into one named file each',
  details:
    'Splits at the pauses, trims, brings each to one level, and names the files as FSDD does: {digit}_{speaker}_{take}.wav. Prompts other than digits go into a folder each: {word}/{word}_{speaker}_{take}.wav, so that the library knows their label. The recording must hold the prompts in order, all of them once a take. Where it holds more or fewer utterances nothing is written, and it is told where they are. Nothing that is there is replaced: takes are counted on from what the folder holds.',
  input: z.strictObject({
    file: z.string().min(1).meta({ title: 'Recording', path: true, placeholder: 'FILE' }),
    prompts,
    speaker,
    out,
    takes,
    grouped: z.boolean().default(false).meta({
      title: 'Takes of a prompt follow one another',
      help: 'zero zero one one ...; without it the whole list is said again for each take.',
    }),
    ...takeSettings,
  }),
  output: z.strictObject({
    folder: z.string(),
    thresholdDb: z.number().meta({ unit: 'dBFS' }),
    noiseDb: anyNumber().meta({ unit: 'dBFS' }),
    takes: z.array(takeSchema),
    warnings: z.array(z.string()),
  }),
  positionals: ['file'],
  examples: [
    'recordings cut session.wav --speaker ana --takes 5 --out ~/speech/ana',
    'recordings cut words.flac --prompts yes --prompts no --speaker ana --out ~/speech/words',
  ],
});

/** What of a plan is recorded. */
export const promptStateSchema = z.strictObject({
  prompt: z.string(),
  /** Label in the file names: '3' for 'three'. */
  label: z.string(),
  takes: z.array(z.strictObject({ take: z.int(), file: z.string(), recorded: z.boolean() })),
});

export const recordingsPlan = defineCommand({
  name: 'recordings plan',
  readOnly: true,
  summary: 'Show which takes of a list of prompts a folder holds, and which are missing',
  input: z.strictObject({ prompts, speaker, out, takes }),
  output: z.strictObject({
    folder: z.string(),
    recorded: z.int(),
    missing: z.int(),
    prompts: z.array(promptStateSchema),
    warnings: z.array(z.string()),
  }),
  examples: ['recordings plan --speaker ana --takes 5 --out ~/speech/ana'],
});

const upload = z.string().min(1).max(64).meta({ title: 'Upload', help: 'As `voice upload` named it.' });

const whole = z.boolean().default(false).meta({
  title: 'All that is said',
  help: 'From the first sound to the last: for prompts with pauses in them. Else what holds the most sound is the take.',
});

export const recordingsTrim = defineCommand({
  name: 'recordings trim',
  readOnly: true,
  summary: 'Trim and level what was just recorded, to hear it before it is kept',
  audience: 'window',
  input: z.strictObject({ upload, whole, ...takeSettings }),
  output: z.strictObject({
    recordedSec: z.number().meta({ unit: 's' }),
    fromSec: z.number().meta({ unit: 's' }),
    toSec: z.number().meta({ unit: 's' }),
    thresholdDb: z.number(),
    noiseDb: anyNumber(),
    /** Sounds that are apart by more than a pause: more than one where a noise was heard as well. */
    utterances: z.int(),
    gainDb: z.number(),
    levelDb: anyNumber(),
    peakDb: anyNumber(),
    limited: z.boolean(),
    clipped: z.int().meta({ help: 'Samples at full scale: the microphone was overdriven.' }),
    sound: soundSchema,
    warnings: z.array(z.string()),
  }),
});

export const recordingsSaveTake = defineCommand({
  name: 'recordings save-take',
  summary: 'Write what was just recorded as a take of a prompt',
  audience: 'window',
  input: z.strictObject({
    upload,
    prompts,
    prompt: z.string().trim().min(1).meta({ title: 'Prompt', help: 'One of the prompts.' }),
    take: z.int().min(0).meta({ title: 'Take' }),
    speaker,
    out,
    whole,
    redo: z.boolean().default(false).meta({
      title: 'Instead of the one that is there',
      help: 'That one is put aside in the folder .replaced, never deleted.',
    }),
    ...takeSettings,
  }),
  output: takeSchema,
});

import type { z } from 'zod';
import { digitWords, type recordingsTrim } from '../../../src-preload/contract/commands/recorder.ts';

/** What a session of recordings is made with; kept between sessions. */
export interface RecorderSetup {
  /** One prompt a line, or separated by commas. */
  promptText: string;
  speaker: string;
  takes: number;
  folder: string;
  /** list: the whole list for each take; grouped: all takes of a prompt in a row. */
  order: 'list' | 'grouped';
  /** key: from key to key; level: from the first sound to the pause after it. */
  start: 'key' | 'level';
  /** Keeps takes without asking where nothing is amiss. */
  keepsByItself: boolean;
  levelDb: number | 'off';
  /** null: as recorded. */
  sampleRateHz: number | null;
}

export const defaultSetup: RecorderSetup = {
  promptText: digitWords.join(', '),
  speaker: '',
  takes: 5,
  folder: '',
  order: 'list',
  start: 'key',
  keepsByItself: false,
  levelDb: -20,
  sampleRateHz: null,
};

/** What was kept, as far as it is still right: another version of the window may have written it. */
export function setupFrom(kept: unknown): RecorderSetup {
  if (typeof kept !== 'object' || kept === null) return defaultSetup;
  const setup = { ...defaultSetup };
  for (const key of Object.keys(defaultSetup) as (keyof RecorderSetup)[]) {
    const value = (kept as Record<string, unknown>)[key];
    if (isRight(key, value)) Object.assign(setup, { [key]: value });
  }
  return setup;
}

function isRight(key: keyof RecorderSetup, value: unknown): boolean {
  switch (key) {
    case 'takes':
      return Number.isInteger(value) && (value as number) >= 1;
    case 'order':
      return value === 'list' || value === 'grouped';
    case 'start':
      return value === 'key' || value === 'level';
    case 'keepsByItself':
      return typeof value === 'boolean';
    case 'levelDb':
      return value === 'off' || typeof value === 'number';
    case 'sampleRateHz':
      return value === null || typeof value === 'number';
    default:
      return typeof value === 'string';
  }
}

/** The prompts of a text: lines or commas between them, each once. */
export function promptsOf(text: string): string[] {
  const prompts = text
    .split(/[\n,]/)
    .map((prompt) => prompt.trim())
    .filter((prompt) => prompt !== '');
  return [...new Set(prompts)];
}

/** The part of the setup by which takes are made. */
export function takeForm(
  setup: RecorderSetup,
): Pick<z.input<typeof recordingsTrim.input>, 'levelDb' | 'sampleRateHz'> {
  return {
    levelDb: setup.levelDb,
    ...(setup.sampleRateHz === null ? {} : { sampleRateHz: setup.sampleRateHz }),
  };
}

/** Why a session cannot begin with it; null where it can. */
export function setupFault(setup: RecorderSetup): string | null {
  if (promptsOf(setup.promptText).length === 0) return 'Give at least one prompt.';
  if (!/^[\p{L}\p{M}\p{N}-]+$/u.test(setup.speaker.trim())) {
    return 'Give a speaker name of letters, digits and hyphens: it stands in the file names.';
  }
  if (setup.folder.trim() === '') return 'Choose the folder for the recordings.';
  return null;
}

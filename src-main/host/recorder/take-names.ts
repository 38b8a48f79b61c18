import path from 'node:path';
import { digitWords } from '../../../src-preload/contract/commands/recorder.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';

/**
 * What takes are called: as FSDD does where all prompts are digits ({digit}_{speaker}_{take}.wav in one folder); other
 * words get a folder each besides, by which the library knows their label.
 */
export class TakeNames {
  readonly #folder: string;
  readonly #speaker: string;
  readonly #labels: ReadonlyMap<string, string>;
  readonly #digitsOnly: boolean;

  /** @throws ResynthError recorder/speaker-name, recorder/prompt-name, recorder/prompts-alike. */
  constructor(folder: string, speaker: string, prompts: readonly string[]) {
    if (!/^[\p{L}\p{M}\p{N}-]+$/u.test(speaker)) throw new ResynthError('recorder/speaker-name', { speaker });
    this.#folder = folder;
    this.#speaker = speaker;
    this.#labels = labelsOf(prompts);
    this.#digitsOnly = [...this.#labels.values()].every((label) => /^\d$/.test(label));
  }

  /** '3' for 'three'. */
  label(prompt: string): string {
    const label = this.#labels.get(prompt);
    if (label === undefined) throw new ResynthError('recorder/prompt-name', { prompt });
    return label;
  }

  /** Where the takes of a prompt lie. */
  folderOf(prompt: string): string {
    return this.#digitsOnly ? this.#folder : path.join(this.#folder, this.label(prompt));
  }

  file(prompt: string, take: number): string {
    return path.join(this.folderOf(prompt), `${this.#stem(prompt)}${take}.wav`);
  }

  /** The number of a take of a prompt by its file's name; null for any other file. */
  takeOf(prompt: string, name: string): number | null {
    const stem = this.#stem(prompt);
    const number = /^(\d{1,9})\.wav$/i.exec(name.startsWith(stem) ? name.slice(stem.length) : '')?.[1];
    return number === undefined ? null : Number(number);
  }

  #stem(prompt: string): string {
    return `${this.label(prompt)}_${this.#speaker}_`;
  }
}

function labelsOf(prompts: readonly string[]): Map<string, string> {
  const labels = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const prompt of prompts) {
    const label = labelOf(prompt);
    if (label === '') throw new ResynthError('recorder/prompt-name', { prompt });
    // Some file systems do not tell capitals from small letters.
    const other = owners.get(label.toLowerCase());
    if (other !== undefined) throw new ResynthError('recorder/prompts-alike', { one: other, other: prompt });
    owners.set(label.toLowerCase(), prompt);
    labels.set(prompt, label);
  }
  return labels;
}

function labelOf(prompt: string): string {
  const digit = (digitWords as readonly string[]).indexOf(prompt.toLowerCase());
  if (digit >= 0) return String(digit);
  const plain = prompt
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  // Names that Windows keeps for devices.
  return /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? `${plain}-` : plain;
}

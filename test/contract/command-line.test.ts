import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInput, takeCommand } from '../../src-main/cli/parse.ts';
import { commandLead, commandLine } from '../../src-preload/contract/command-line.ts';
import { reconstruct } from '../../src-preload/contract/commands/reconstruct.ts';
import { runsAnnotate } from '../../src-preload/contract/commands/runs-live.ts';
import { train } from '../../src-preload/contract/commands/runs.ts';
import { commands } from '../../src-preload/contract/registry.ts';
import { fakeCommands, paint } from '../cli/fake-commands.ts';

/** The words of a line as a POSIX shell takes them apart, for lines that need no more of one than single quotes. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    if (character === "'") {
      const end = line.indexOf("'", at + 1);
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else if (character === '\\') {
      word = (word ?? '') + (line[++at] ?? '');
    } else if (character === ' ') {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  return word === null ? words : [...words, word];
}

/** What the command line reads from a line, behind what stands before every command. */
function read(line: string, among = [...commands]) {
  const { command, globals, rest } = takeCommand(shellWords(line.slice(commandLead.length)), among);
  if (!command) throw new Error(`no command in ${line}`);
  return { command: command.name, homeDir: globals.homeDir, input: readInput(command, rest) };
}

// A shell cannot pass NUL on; everything else may be in a name.
const text = fc.string({ minLength: 1, unit: 'binary' }).map((one) => one.replaceAll('\0', '0'));
const key = text.filter((one) => !one.includes('='));

describe('commandLine', () => {
  it('is what one types, without the defaults', () => {
    const input = {
      dataset: 'fsdd',
      preset: 'fsdd-vae-compact',
      epochs: 20,
      set: { filters: '32,64' },
      detach: true,
    };
    expect(commandLine(train, input)).toBe(
      'npm run resynth -- train --dataset fsdd --preset fsdd-vae-compact --set filters=32,64 --epochs 20 --detach',
    );
    expect(commandLine(reconstruct, { files: ['a b.wav', '-x.wav'], run: "it's", out: 'o' })).toBe(
      String.raw`npm run resynth -- reconstruct --run 'it'\''s' --out o -- 'a b.wav' -x.wav`,
    );
    expect(commandLine(runsAnnotate, { run: 'a', notes: '', tags: ['-b'] }, { home: '/h h' })).toBe(
      "npm run resynth -- runs annotate '--home=/h h' --notes= --tags=-b a",
    );
  });

  it('is read back as the same input, whatever it holds', () => {
    const input = fc.record(
      {
        walls: fc.array(text, { minLength: 1 }),
        colour: fc.constantFrom('red', 'green', 'blue'),
        layers: fc.integer({ min: 0, max: 9 }),
        widthMm: fc.double({ min: 0.5, noNaN: true, noDefaultInfinity: true }),
        primer: fc.boolean(),
        dryRun: fc.boolean(),
        stopAt: fc.oneof(fc.constantFrom('best', 'last'), fc.nat()),
        set: fc.dictionary(
          key,
          fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\0', '0')),
        ),
        tag: fc.array(text),
        title: text,
      },
      { requiredKeys: ['walls'] },
    );
    fc.assert(
      fc.property(input, (given) => {
        const whole = paint.input.parse(given);
        expect(read(commandLine(paint, given as never), fakeCommands)).toMatchObject({ input: whole });
        expect(read(commandLine(paint, whole as never), fakeCommands)).toMatchObject({ input: whole });
      }),
      { numRuns: 300 },
    );
  });

  it.skipIf(process.platform === 'win32')('is taken apart by a real shell as by this test', () => {
    const nasty = ["it's", '$(x) `y` "z"', 'a\nb', '*?[~]', '\\', '!#;&|<>(){}', ' ', 'ü 🎧', '--'];
    const line = commandLine(reconstruct, { files: nasty, run: '$HOME', out: '~/x y' });
    const script = `printf '%s\\0' ${line.slice(commandLead.length)}`;
    const words = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
    expect(words).toEqual(shellWords(line.slice(commandLead.length)));
    expect(read(line).input).toMatchObject({ files: nasty, run: '$HOME', out: '~/x y' });
  });
});

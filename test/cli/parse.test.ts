import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../src-preload/contract/command-line.ts';
import { readInput, takeCommand } from '../../src-main/cli/parse.ts';
import { refusal } from '../helpers/refusal.ts';
import { fakeCommands, paint } from './fake-commands.ts';

describe('readInput', () => {
  it('fills in the defaults of the schema', () => {
    expect(readInput(paint, ['north'])).toEqual({
      walls: ['north'],
      colour: 'red',
      layers: 2,
      primer: true,
      dryRun: false,
      stopAt: 'best',
      set: {},
      tag: [],
    });
  });

  it('reads every kind of field, zero and negated switches among them', () => {
    const words =
      'north --colour=blue --layers 0 south --no-primer --dry-run --stop-at 120 --set filters=32,64 --set a=b=c --tag x --tag y --width-mm 1e1';
    expect(readInput(paint, words.split(' '))).toEqual({
      walls: ['north', 'south'],
      colour: 'blue',
      layers: 0,
      primer: false,
      dryRun: true,
      stopAt: 120,
      set: { filters: '32,64', a: 'b=c' },
      tag: ['x', 'y'],
      widthMm: 10,
    });
  });

  it('takes pairs that follow one another after one flag, up to a word that is none', () => {
    const words = ['--set', 'a=1', 'b=x=2', 'north', '--set', 'c.d=', '--', 'e=3'];
    expect(readInput(paint, words)).toMatchObject({
      set: { a: '1', b: 'x=2', 'c.d': '' },
      walls: ['north', 'e=3'],
    });
    expect(readInput(paint, ['--set=a=1', 'b=2'])).toMatchObject({ set: { a: '1' }, walls: ['b=2'] });
  });

  it('takes everything after -- as arguments', () => {
    expect(readInput(paint, ['--', '--colour', '-x']).walls).toEqual(['--colour', '-x']);
  });

  it('keeps a text that looks like a number a text', () => {
    expect(readInput(paint, ['0012', '--title', '007'])).toMatchObject({ walls: ['0012'], title: '007' });
  });

  it.each([
    [['n', '--colr', 'red'], 'cli/unknown-flag', 'Did you mean --colour?'],
    [['n', '--widthMm', '3'], 'cli/unknown-flag', 'Did you mean --width-mm?'],
    [['n', '--primr'], 'cli/unknown-flag', 'Did you mean --primer?'],
    [['n', '-x'], 'cli/unknown-flag', 'lists the flags'],
    [['n', '--colour'], 'cli/missing-value', 'red|green|blue'],
    [['n', '--colour', '--dry-run'], 'cli/missing-value', '--colour=VALUE'],
    [['n', '--colour', 'red', '--colour', 'red'], 'cli/given-twice', 'Keep one'],
    [['n', '--set', 'a=1', '--set', 'a=2'], 'cli/given-twice', 'Keep one'],
    [['n', '--primer=maybe'], 'cli/unwanted-value', '--no-primer'],
    [['n', '--set', 'filters'], 'cli/bad-key-value', 'filters=32,64'],
    [['n', '--set', '=1'], 'cli/bad-key-value', 'filters=32,64'],
    [['n', '--layers', 'ten'], 'cli/bad-value', '--help'],
    [['n', '--layers', ''], 'cli/bad-value', '--help'],
    [['n', '--layers', '10'], 'cli/bad-value', '--help'],
    [['n', '--layers', '1.5'], 'cli/bad-value', '--help'],
    [['n', '--layers', '-1'], 'cli/bad-value', '--help'],
    [['n', '--colour', 'pink'], 'cli/bad-value', '--help'],
    [[], 'cli/missing-argument', 'paint WALL...'],
  ])('refuses %j with %s', (words, code, remedy) => {
    const error = refusal(() => readInput(paint, words));
    expect(error.code).toBe(code);
    expect(error.remedy).toContain(remedy);
  });

  it('names the flag and the value that the schema refuses', () => {
    const error = refusal(() => readInput(paint, ['n', '--layers', '10']));
    expect(error.message).toContain('--layers');
    expect(error.message).toContain('10');
    expect(error.message).toContain('at most 9');
  });

  it('reads back whatever it writes', () => {
    const text = fc.string({ minLength: 1 }).filter((value) => !value.includes('\0'));
    const key = fc.stringMatching(/^[a-zA-Z][\w.]{0,9}$/);
    const inputs = fc.record(
      {
        walls: fc.array(text, { minLength: 1, maxLength: 4 }),
        colour: fc.constantFrom('red', 'green', 'blue'),
        layers: fc.integer({ min: 0, max: 9 }),
        widthMm: fc.double({ min: 0.5, noNaN: true, noDefaultInfinity: true }),
        primer: fc.boolean(),
        dryRun: fc.boolean(),
        stopAt: fc.oneof(fc.constantFrom('best', 'last'), fc.nat()),
        set: fc.dictionary(key, fc.string()),
        tag: fc.array(fc.string(), { maxLength: 3 }),
        title: fc.string(),
      },
      { requiredKeys: ['walls'] },
    );
    fc.assert(
      fc.property(inputs, (input) => {
        const expected = paint.input.parse(input);
        expect(readInput(paint, commandWords(paint, input))).toEqual(expected);
      }),
    );
  });
});

describe('takeCommand', () => {
  it('takes the global flags from anywhere before --', () => {
    const taken = takeCommand(
      ['--home', '/h', 'walls', '--json', 'remove', 'x', '--', '--json'],
      fakeCommands,
    );
    expect(taken.command?.name).toBe('walls remove');
    expect(taken.globals).toEqual({ json: true, help: false, version: false, debug: false, homeDir: '/h' });
    expect(taken.rest).toEqual(['x', '--', '--json']);
  });

  it('does not take an argument for a part of the name', () => {
    const taken = takeCommand(['walls', 'remove', 'walls'], fakeCommands);
    expect(taken.rest).toEqual(['walls']);
  });

  it.each([
    [['pant', 'x'], 'cli/unknown-command', 'Did you mean paint?'],
    [['wall', 'remove', 'x'], 'cli/unknown-command', 'Did you mean walls remove?'],
    [['wals'], 'cli/unknown-command', 'Did you mean walls?'],
    [['walls', 'lst'], 'cli/unknown-command', 'Did you mean walls list?'],
    [['xyzzy'], 'cli/unknown-command', 'lists the commands'],
    [['walls'], 'cli/incomplete-command', 'walls list --help'],
    [['paint', '--home'], 'cli/missing-value', 'DIR'],
    [['--jsn'], 'cli/unknown-first-flag', 'Did you mean --json?'],
  ])('refuses %j with %s', (argv, code, remedy) => {
    const error = refusal(() => takeCommand(argv, fakeCommands));
    expect(error.code).toBe(code);
    expect(error.remedy).toContain(remedy);
  });
});

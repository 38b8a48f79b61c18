import { describe, expect, it } from 'vitest';
import { commands } from '../../src-preload/contract/registry.ts';
import { boundCommands } from '../../src-main/host/handlers.ts';
import { fieldsOf } from '../../src-preload/contract/fields.ts';
import { globalFlags } from '../../src-main/cli/global-flags.ts';
import { commandHelp } from '../../src-main/cli/help.ts';
import { listedCommands } from '../../src-main/cli/listed.ts';
import { readInput, takeCommand } from '../../src-main/cli/parse.ts';
import { renderers } from '../../src-main/cli/render/registry.ts';

const listed = listedCommands(commands);
const names = commands.map((command) => command.name);

describe('registry', () => {
  it('lists each command once, and every one has code', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(boundCommands.map((one) => one.command.name).sort()).toEqual([...names].sort());
    for (const bound of boundCommands) expect(commands).toContain(bound.command);
  });

  it('has no command that takes words and whose name is the beginning of the words of another', () => {
    for (const { name, positionals } of listed) {
      if (!positionals?.length) continue;
      expect(listed.filter((other) => other.name.startsWith(`${name} `))).toEqual([]);
    }
  });

  it('has layouts for commands that exist only', () => {
    for (const name of renderers.keys()) expect(names).toContain(name);
  });
});

// What only a window uses has no flags and no help.
describe.each(listed.map((command) => [command.name, command] as const))('%s', (name, command) => {
  const fields = fieldsOf(command);

  it('explains each field, and none takes the place of a global flag', () => {
    const taken = globalFlags.map((one) => one.flag);
    for (const field of fields) {
      expect(field.title, `${field.key} has no title`).toBeTruthy();
      expect(taken).not.toContain(field.flag);
    }
    for (const key of command.positionals ?? []) expect(fields.map((field) => field.key)).toContain(key);
  });

  it('has a help that names each flag, in lines of the width asked for', () => {
    const help = commandHelp(command, 100);
    for (const field of fields)
      expect(help).toContain(field.positional ? field.placeholder : field.flag.slice(2));
    const [own] = help.split('\nExample');
    for (const line of own?.split('\n') ?? []) expect(line.length).toBeLessThanOrEqual(110);
  });

  it('has examples that its own parser accepts', () => {
    for (const example of command.examples ?? []) {
      const taken = takeCommand(example.split(' '), commands);
      expect(taken.command?.name).toBe(name);
      expect(() => readInput(command, taken.rest)).not.toThrow();
    }
  });

  it('has a summary of one line', () => {
    expect(command.summary.length).toBeLessThanOrEqual(110);
  });
});

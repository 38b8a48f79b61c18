import { describe, expect, it } from 'vitest';
import { boundCommands } from '../../../src-main/host/handlers.ts';
import { commands } from '../../../src-preload/contract/registry.ts';

describe('the host', () => {
  it('can do every command of the contract, and knows no other', () => {
    const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name).sort();
    expect(names(boundCommands.map(({ command }) => command))).toEqual(names(commands));
  });

  it.each(boundCommands.map((bound) => [bound.command.name, bound] as const))(
    'has the code of "%s"',
    async (_name, bound) => {
      expect(await bound.load()).toBeTypeOf('function');
    },
  );

  it('shows long work as jobs, with words for it', () => {
    const jobs = boundCommands.filter(({ job }) => job);
    expect(jobs.map(({ command }) => command.name)).toEqual(
      expect.arrayContaining([
        'datasets add',
        'datasets rescan',
        'datasets relink',
        'corpus make',
        'train estimate',
        'reconstruct',
        'sample',
      ]),
    );
  });
});

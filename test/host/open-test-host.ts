import { onTestFinished } from 'vitest';
import { type Host, type HostHooks, openHost } from '../../src-main/host/host.ts';
import type { HostContext } from '../../src-main/host/services.ts';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { openHome } from '../../src-main/store/home.ts';
import { fakeEntry } from '../trainer/kill-helpers.ts';

/** A host whose trainers need no TensorFlow, closed with the test. */
export async function openTestHost(root: string, hooks: HostHooks = {}): Promise<Host> {
  const host = await openHost({
    home: openHome(root),
    kind: 'cli',
    hooks: { trainerEntry: fakeEntry, ...hooks },
  });
  onTestFinished(() => host.close({ stopTraining: true }));
  return host;
}

/** What a handler of this host is given beside its input. */
export function contextOf(
  host: Host,
  { signal = new AbortController().signal, progress = (_event: ProgressEvent): void => undefined } = {},
): HostContext {
  return { homeDir: host.home.root, signal, progress, services: host.services };
}

/** The options of a call that nobody watches or takes back. */
export const quiet = { signal: new AbortController().signal, progress: (): void => undefined };

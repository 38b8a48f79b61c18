import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { AnalystPool } from '../../../src-main/analyst/pool.ts';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import { addDataset, type AddRequest } from '../../../src-main/host/datasets/datasets.ts';
import type { HostContext, Services } from '../../../src-main/host/services.ts';
import { openDatabase } from '../../../src-main/store/database/client.ts';
import type { StoredDataset } from '../../../src-main/store/database/types.ts';
import { openHome } from '../../../src-main/store/home.ts';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { EventHub } from '../../../src-preload/contract/event-hub.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

export const never = new AbortController().signal;
export const quiet = { progress: (_event: ProgressEvent): void => undefined, signal: never };

/** As much of a host as datasets need, on a data folder of its own, closed with the test. */
export async function openServices(root?: string): Promise<Services> {
  const home = openHome(root ?? (await temporaryFolder()));
  const database = await openDatabase(home);
  const analysts = new AnalystPool({ size: 1 });
  onTestFinished(async () => {
    await analysts.close();
    await database.close();
  });
  // Nothing of the rest is touched by what is tested here: it would show as undefined.
  return { home, database, analysts, hub: new EventHub() } as unknown as Services;
}

export function contextOf(services: Services): HostContext {
  return { ...quiet, homeDir: services.home.root, services };
}

/** Names and payloads of the events that are published from here on. */
export function heard(services: Services): { name: string; payload: unknown }[] {
  const events: { name: string; payload: unknown }[] = [];
  services.hub.subscribe(null, ({ name, payload }) => void events.push({ name, payload }));
  return events;
}

/** A tone in a file, which is not flushed to the disk: tests write thousands. */
export function tone(file: string, level = 0.5, length = 800): void {
  const samples = Float32Array.from({ length }, (_, time) => level * Math.sin(time / 5));
  writeFileSync(file, encodeWav([samples], 8000, 'pcm16').bytes);
}

export async function folderWith(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    tone(path.join(folder, name));
  }
  return folder;
}

export function add(
  services: Services,
  request: Partial<AddRequest> & { dir: string },
): Promise<StoredDataset> {
  return addDataset(services, { layout: 'auto', ...request }, quiet);
}

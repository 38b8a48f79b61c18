import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { HostInfo } from '../../src-preload/contract/commands/host.ts';
import { defaultRoot } from '../store/home.ts';
import type { Services } from './services.ts';

let knownVersion: string | undefined;

/** The version of this Resynth. */
export function resynthVersion(): string {
  knownVersion ??= (
    JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string;
    }
  ).version;
  return knownVersion;
}

/** What a host tells of itself. */
export async function hostInfoOf(services: Services): Promise<HostInfo> {
  return {
    instance: services.hub.instance,
    version: resynthVersion(),
    pid: process.pid,
    home: services.home.root,
    isDefaultHome: services.home.root === defaultRoot(),
    kind: services.kind,
    startedMs: services.startedMs,
    places: places(services.home.root),
    freeBytes: await freeBytesAt(services.home.root),
    notices: services.notices.list(),
  };
}

/** Free space for this user where `folder` is; null where the system does not say. */
export async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Some network shares have no such call: then nothing is claimed.
    return null;
  }
}

function places(home: string): HostInfo['places'] {
  const user = os.homedir();
  return [
    { title: 'Home', folder: user },
    { title: 'Data folder', folder: home },
    { title: process.platform === 'win32' ? 'Disk' : 'Computer', folder: path.parse(user).root },
  ];
}

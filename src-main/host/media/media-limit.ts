import {
  defaultMediaLimitGb,
  mediaLimitKey,
  type mediaClear,
  type mediaLimit,
  type mediaShow,
  type MediaState,
} from '../../../src-preload/contract/commands/media.ts';
import { settingChanged } from '../../../src-preload/contract/events/host.ts';
import type { Database } from '../../store/database/client.ts';
import type { HostHandler, Services } from '../services.ts';
import { clearMedia, type MediaContent, mediaContent, trimMedia } from './media-folder.ts';

const gigabyte = 1e9;
const lookEveryMs = 10 * 60_000;
/** After a start, when what a window asks for first has been answered. */
const firstLookMs = 60_000;
const nothing: MediaContent = { files: 0, bytes: 0 };

/** The limit that the user has set, in GB. */
export async function mediaLimitGb(database: Pick<Database, 'readSettings'>): Promise<number> {
  const value = (await database.readSettings())[mediaLimitKey];
  return typeof value === 'number' && value >= 0 ? value : defaultMediaLimitGb;
}

/** Keeps the folder below its limit while a host is open. What cannot be removed now is tried again; gives the way to end. */
export function keepMediaLimit({ home, database }: Pick<Services, 'home' | 'database'>): () => void {
  const look = async (): Promise<void> => {
    try {
      await trimMedia(home.media, (await mediaLimitGb(database)) * gigabyte);
    } catch {
      // A folder that cannot be read costs space at worst; `media show` says why to whoever asks.
    }
  };
  const first = setTimeout(() => void look(), firstLookMs).unref();
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}

export const handleMediaShow: HostHandler<typeof mediaShow> = (_input, { services }) =>
  stateOf(services, nothing);

export const handleMediaLimit: HostHandler<typeof mediaLimit> = async ({ gb }, { services }) => {
  await services.database.setSetting(mediaLimitKey, gb);
  services.hub.publish(settingChanged, { key: mediaLimitKey, value: gb });
  return stateOf(services, await trimMedia(services.home.media, gb * gigabyte));
};

export const handleMediaClear: HostHandler<typeof mediaClear> = async (_input, { services }) =>
  stateOf(services, await clearMedia(services.home.media));

async function stateOf({ home, database }: Services, removed: MediaContent): Promise<MediaState> {
  const { files, bytes } = await mediaContent(home.media);
  return {
    folder: home.media,
    files,
    bytes,
    limitGb: await mediaLimitGb(database),
    removedFiles: removed.files,
    removedBytes: removed.bytes,
  };
}

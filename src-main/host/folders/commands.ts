import type { foldersBrowse, foldersComplete } from '../../../src-preload/contract/commands/folders.ts';
import type { HostHandler } from '../services.ts';
import { browseFolder } from './browse.ts';
import { completeFolder } from './complete.ts';

/** The `folders` commands: what a page without a picker of its own needs to choose a folder of the host. */

export const handleFoldersBrowse: HostHandler<typeof foldersBrowse> = (input, { signal }) =>
  browseFolder(input, signal);

export const handleFoldersComplete: HostHandler<typeof foldersComplete> = async (
  { text, limit },
  { signal },
) => ({ folders: await completeFolder(text, limit, signal) });

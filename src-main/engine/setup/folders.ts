import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The project's own folder: where package.json and node_modules are. */
export const projectFolder = path.resolve(import.meta.dirname, '../../..');

/**
 * The user's cache folder for Resynth, shared by every clone: $RESYNTH_CACHE, else the platform's place for caches.
 * Everything in it can be deleted at any time and is made again at the next start. scripts/bootstrap.mjs, which must run
 * before TypeScript can, repeats this rule; a test holds the two together.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.RESYNTH_CACHE) return path.resolve(env.RESYNTH_CACHE);
  if (platform === 'win32') {
    return path.join(env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'), 'Resynth', 'Cache');
  }
  if (platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'Resynth');
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'resynth');
}

/** Where the engine's parts lie inside the cache. */
export interface EngineFolders {
  root: string;
  /** Wheels whose hash was checked, until they are unpacked. */
  downloads: string;
  /** Work in progress; a folder here belongs to the process named in it and means nothing once that has ended. */
  staging: string;
  /** Unpacked TensorFlow libraries, a folder a target. */
  libraries: string;
  /** Compiled bindings, a folder a key. */
  bindings: string;
  locks: string;
  /** What the last attempt could not have, for those who start after it. */
  problems: string;
}

/** The layout of the engine's part of the cache. */
export function engineFolders(cache: string = cacheFolder()): EngineFolders {
  const root = path.join(cache, 'engine');
  return {
    root,
    downloads: path.join(root, 'downloads'),
    staging: path.join(root, 'staging'),
    libraries: path.join(root, 'tensorflow'),
    bindings: path.join(root, 'bindings'),
    locks: path.join(root, 'locks'),
    problems: path.join(root, 'last-attempt.json'),
  };
}

/** The source of tfjs-node's binding, as its package ships it. */
export const bindingSourceFolder = path.join(
  projectFolder,
  'node_modules',
  '@tensorflow',
  'tfjs-node-gpu',
  'binding',
);

/** The headers that came with the Node that runs this, or null where its package brought none. */
export function nodeHeadersFolder(): string | null {
  const folder = path.resolve(path.dirname(process.execPath), '..', 'include', 'node');
  return existsSync(path.join(folder, 'node_api.h')) ? folder : null;
}

/** A short name for some content: the first 16 hex digits of its SHA-256. */
export function shortHash(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update(':').update(part);
  return hash.digest('hex').slice(0, 16);
}

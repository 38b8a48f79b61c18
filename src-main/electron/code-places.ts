import { existsSync } from 'node:fs';
import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/** Where the parts are that run outside of Electron's own process. */
export interface CodePlaces {
  /** The plain Node that runs the host and its children: Electron's own has a memory cap, and no WebGPU. */
  node: string;
  /** The folder with src-main, src-preload, resources and node_modules as files that this Node can read. */
  root: string;
}

interface ElectronFacts {
  isPackaged: boolean;
  /** app.getAppPath() */
  appPath: string;
  /** process.resourcesPath */
  resourcesPath: string;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}

/**
 * In a clone, the Node that scripts/start.mjs found and the clone itself; in the packaged application, what
 * electron-builder.config.mjs put there.
 *
 * @throws ResynthError electron/no-node.
 */
export function codePlaces(facts: ElectronFacts): CodePlaces {
  const packaged = path.join(facts.resourcesPath, 'node', ...nodeInPackage(facts.platform));
  const node = facts.isPackaged ? packaged : (facts.env.RESYNTH_NODE ?? '');
  // A plain Node cannot read inside an asar archive.
  const root = facts.isPackaged ? path.join(facts.resourcesPath, 'app.asar.unpacked') : facts.appPath;
  if (!existsSync(node)) throw new ResynthError('electron/no-node', { file: node || 'RESYNTH_NODE' });
  return { node, root };
}

function nodeInPackage(platform: NodeJS.Platform): string[] {
  return platform === 'win32' ? ['bin', 'node.exe'] : ['bin', 'node'];
}

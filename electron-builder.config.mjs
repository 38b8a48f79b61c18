import fs from 'node:fs';
import path from 'node:path';

const electron = path.join(import.meta.dirname, 'node_modules', 'electron', 'dist');

/** A plain Node with its headers beside the application: trainers run on it, and the engine's binding is compiled for it. */
const plainNode = (name) => [
  { from: `node_modules/${name}-\${arch}`, to: 'node', filter: ['bin/**', 'include/**', 'LICENSE'] },
];

/** `npm run package`: an installable application for the system that it runs on. */
export default {
  appId: 'org.resynth.workbench',
  productName: 'Resynth',
  copyright: 'MIT licence',
  directories: { output: 'out/package', buildResources: 'resources' },
  // An Electron that was fetched for `npm start` is not fetched again.
  ...(fs.existsSync(electron) ? { electronDist: electron } : {}),
  files: [
    'package.json',
    'LICENSE',
    'out/main/**',
    'out/preload/**',
    'out/renderer/**',
    'src-main/**',
    'src-preload/**',
    'resources/**',
    '!resources/screenshots/**',
    // It comes once, beside the application.
    '!node_modules/node-linux-*/**',
    '!node_modules/node-win-*/**',
    '!node_modules/node-bin-*/**',
    '!**/node_modules/**/*.{d.ts,d.mts,d.cts,map}',
  ],
  asar: true,
  // Whatever the plain Node runs or loads: it cannot look into the archive.
  asarUnpack: [
    'package.json',
    'src-main/**',
    'src-preload/**',
    'resources/**',
    'out/renderer/**',
    'node_modules/**',
  ],
  // Everything native is N-API and comes built: one file serves Node and Electron.
  npmRebuild: false,
  nodeGypRebuild: false,
  linux: {
    target: ['AppImage', 'tar.gz'],
    category: 'Science',
    icon: 'resources/icon.png',
    extraResources: plainNode('node-linux'),
  },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.developer-tools',
    icon: 'resources/icon.png',
    extraResources: plainNode('node-bin-darwin'),
    hardenedRuntime: true,
  },
  win: {
    target: ['nsis', 'zip'],
    icon: 'resources/icon.png',
    extraResources: plainNode('node-win'),
  },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
};

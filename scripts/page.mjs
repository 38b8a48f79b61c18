/** The built page: whether it is that of the present sources. Built-ins only, so that a start costs a few file reads. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** What the page is made of: folders whole, and files. */
const pageSources = [
  'src-renderer',
  'src-preload',
  'src-main/web/page-security.ts',
  'resources/icon.svg',
  'vite.config.ts',
  'svelte.config.js',
  'package-lock.json',
];
const electronSources = ['src-preload', 'src-main/electron', 'electron.vite.config.ts', 'package-lock.json'];

/** The parts that can be built: where each goes, and what it is built from. */
export const parts = {
  page: { folder: 'out/renderer', sources: pageSources, marker: 'out/renderer.json' },
  electron: { folder: 'out/main', sources: electronSources, marker: 'out/main.json' },
};

/** One number for everything that a part is built from. */
export function fingerprint(root, part) {
  const hash = createHash('sha256');
  for (const source of parts[part].sources) {
    for (const file of filesAt(path.join(root, source))) {
      hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** Whether a part has been built from the sources as they are now. */
export function isBuilt(root, part) {
  const { folder, marker } = parts[part];
  try {
    const { sources } = JSON.parse(fs.readFileSync(path.join(root, marker), 'utf8'));
    return sources === fingerprint(root, part) && fs.existsSync(path.join(root, folder));
  } catch {
    // No marker, or a damaged one: it is built again.
    return false;
  }
}

/** Leaves word of what a part was built from. */
export function markBuilt(root, part, sources) {
  fs.writeFileSync(path.join(root, parts[part].marker), JSON.stringify({ sources }));
}

function filesAt(place) {
  if (!fs.existsSync(place)) return [];
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs
    .readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Builds what has changed: the page and, with `--electron`, Electron's main and preload. `--force` builds all the same. Runs
 * on the project's Node; `npm start` does this by itself.
 */
import fs from 'node:fs';
import path from 'node:path';
import { bootstrap, root, runToEnd } from './bootstrap.mjs';
import { withLock } from './lock.mjs';
import { fingerprint, isBuilt, markBuilt, parts } from './page.mjs';
import { ProgressLine } from './progress.mjs';

const node = await bootstrap({ engine: false });
if (fs.realpathSync(process.execPath) === node) await buildAll(process.argv.slice(2));
else await runToEnd(node, [process.argv[1], ...process.argv.slice(2)]);

async function buildAll(args) {
  const wanted = ['page', ...(args.includes('--electron') ? ['electron'] : [])];
  const outdated = () => wanted.filter((part) => args.includes('--force') || !isBuilt(root, part));
  if (outdated().length === 0) return;
  const progress = new ProgressLine();
  try {
    fs.mkdirSync(path.join(root, 'out'), { recursive: true });
    await withLock(path.join(root, 'out', 'build.lock'), 'to build the page', progress, async () => {
      // Another start of this clone may have done it while this one waited.
      const parts = outdated();
      const sources = parts.map((part) => [part, fingerprint(root, part)]);
      if (parts.includes('electron')) await buildElectron(progress);
      else if (parts.includes('page')) await buildPage(progress);
      for (const [part, fingerprint] of sources) markBuilt(root, part, fingerprint);
    });
  } catch (error) {
    progress.say(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    progress.end();
  }
}

/** Into a folder beside it, then renamed: a build that fails leaves the last page standing. */
async function buildPage(progress) {
  const { build } = await import('vite');
  const folder = path.join(root, parts.page.folder);
  const fresh = `${folder}.${process.pid}.tmp`;
  let modules = 0;
  progress.show({ stage: 'Building the page' });
  try {
    await build({
      configFile: path.join(root, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: fresh },
      plugins: [
        {
          name: 'resynth-progress',
          moduleParsed: () => progress.show({ stage: 'Building the page', done: ++modules, unit: 'modules' }),
        },
      ],
    });
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(fresh, folder);
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

/** electron-vite builds the page along with its own parts. */
async function buildElectron(progress) {
  progress.show({ stage: 'Building the window' });
  const { build } = await import('electron-vite');
  await build({ configFile: path.join(root, 'electron.vite.config.ts'), logLevel: 'error' });
}

/** `npm start`: set everything up, build what has changed, and open the window or serve the page. */
import path from 'node:path';
import { bootstrap, root, run, runEntry } from './bootstrap.mjs';
import { chooseShell, fetchElectron } from './electron.mjs';
import { isBuilt } from './page.mjs';

/** A window that ends sooner than this, and badly, never was one. */
const shortestVisitMs = 10_000;

const given = process.argv.slice(2);
const wishes = {
  web: given.includes('--web'),
  electron: given.includes('--electron'),
  help: given.includes('--help'),
};
const args = given.filter((argument) => argument !== '--web' && argument !== '--electron');
const say = (text) => process.stderr.write(`${text}\n`);

const node = await bootstrap({ engine: !wishes.help });
if (wishes.help) await servePage();
else await start();

async function start() {
  let choice = chooseShell(root, wishes);
  if (choice.shell === 'fetch') {
    say('Fetching Electron (about 120 MB, once).');
    const fetched = await fetchElectron(node, root);
    choice = fetched
      ? chooseShell(root, wishes)
      : { shell: 'web', because: 'Electron could not be fetched; what its installer said is above' };
  }
  await build(choice.shell === 'electron' ? ['page', 'electron'] : ['page']);
  if (choice.shell === 'electron') {
    if (await openWindow(choice.binary)) return;
    choice = { shell: 'web', because: 'Electron did not start; what it said is above' };
  }
  say(`Serving the page instead of a window, because ${choice.because}.`);
  await servePage();
}

async function build(parts) {
  if (parts.every((part) => isBuilt(root, part))) return;
  const electron = parts.includes('electron') ? ['--electron'] : [];
  const status = await run(node, [path.join(root, 'scripts', 'build.mjs'), ...electron], { cwd: root });
  if (status !== 0) process.exit(1);
}

/** Resolves when the window has been closed; to false where there never was one. */
async function openWindow(binary) {
  say('Opening the window.');
  const begunMs = performance.now();
  const { ELECTRON_RUN_AS_NODE: _unset, ...env } = process.env;
  const status = await run(binary, [root, ...args], { cwd: root, env: { ...env, RESYNTH_NODE: node } });
  if (status === 0) return true;
  if (performance.now() - begunMs < shortestVisitMs) return false;
  process.exitCode = typeof status === 'number' ? status : 1;
  return true;
}

async function servePage() {
  await runEntry(node, 'src-main/web/index.ts', args);
}

/** The dependencies of package-lock.json: whether they are installed, and installing them. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from './lock.mjs';

/** A failure that the user can do something about: only its text is shown. */
export class SetupError extends Error {}

/** Installs what package-lock.json names, unless it is installed. Throws SetupError. */
export async function installDependencies(root, cache, progress) {
  if (dependenciesAreInstalled(root)) return;
  const lock = path.join(cache, 'locks', `npm-${hash(root).slice(0, 16)}`);
  await withLock(lock, 'to install', progress, async () => {
    // Another start of the same clone may have done it while this one waited.
    const why = missingReason(root);
    if (!why) return;
    fs.rmSync(markerOf(root), { force: true });
    await npmInstall(root, why, progress);
    writeMarker(root);
  });
}

/** Whether the last install that ended well was of this very package-lock.json. A few file reads. */
export function dependenciesAreInstalled(root) {
  return missingReason(root) === null;
}

const markerOf = (root) => path.join(root, 'node_modules', '.resynth-installed.json');
const lockOf = (root) => fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8');
const hash = (text) => createHash('sha256').update(text).digest('hex');

function writeMarker(root) {
  fs.writeFileSync(markerOf(root), JSON.stringify({ lock: hash(lockOf(root)) }));
}

/** Why an install is needed, in words for the user, or null. */
function missingReason(root) {
  const marker = readJson(markerOf(root));
  if (marker?.lock === hash(lockOf(root))) return null;
  // npm writes this file at the very end of an install, so an interrupted one has none.
  const installed = readJson(path.join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'first start of this clone';
  if (!matchesLock(installed.packages, JSON.parse(lockOf(root)).packages))
    return 'package-lock.json has changed';
  // Installed by hand with npm, and complete.
  writeMarker(root);
  return null;
}

/** Everything in the lock is installed in its version, but for what is optional (other platforms' parts). */
function matchesLock(installed, locked) {
  return Object.entries(locked).every(([where, wanted]) => {
    if (where === '') return true;
    const found = installed[where];
    if (!found) return Boolean(wanted.optional || wanted.devOptional || wanted.peer);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

async function npmInstall(root, why, progress) {
  const total = Object.keys(JSON.parse(lockOf(root)).packages).length - 1;
  const stage = `Installing the dependencies (${why})`;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--progress=false', '--loglevel=error'];
  const [program, first, shell] = npmCommand();
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: '' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  // At once: the first look at the folder may take longer than npm does.
  progress.show({ stage });
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const { packages, bytes } = await installedSoFar(path.join(root, 'node_modules'));
      if (!watching) return;
      progress.show({
        stage,
        done: bytes,
        unit: 'bytes',
        detail: `${packages} of at most ${total} packages`,
      });
      await sleep(1000);
    }
  })();
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.kill('SIGTERM');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.on('close', (status, signal) => resolve(signal ?? status));
  });
  watching = false;
  await watch;
  process.off('SIGINT', stop).off('SIGTERM', stop);
  progress.end();
  if (code === 0) return;
  if (stopped)
    throw new SetupError('Stopped while installing the dependencies; the next start does it again.');
  throw new SetupError(
    `The dependencies could not be installed (npm ci ended with ${code}):\n${indent(output.trim() || 'npm said nothing')}\n` +
      'Nothing is broken by this: check the connection to the npm registry and start again.',
  );
}

/** npm as it runs us, else the one on PATH. The Node that npm runs on stays when node_modules is replaced. */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm && /npm-cli\.c?js$/.test(npm)) return [node ?? process.execPath, [npm], false];
  return process.platform === 'win32' ? ['npm.cmd', [], true] : ['npm', [], false];
}

async function installedSoFar(folder) {
  let packages = 0;
  let bytes = 0;
  const pending = [folder];
  while (pending.length > 0) {
    const next = pending.pop();
    for (const entry of await fs.promises.readdir(next, { withFileTypes: true }).catch(() => [])) {
      const full = path.join(next, entry.name);
      if (entry.isDirectory()) pending.push(full);
      else if (entry.isFile()) {
        if (entry.name === 'package.json' && /node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+$/.test(next))
          packages++;
        bytes += (await fs.promises.stat(full).catch(() => null))?.size ?? 0;
      }
    }
  }
  return { packages, bytes };
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // Gone in the meantime: as good as released.
    return '';
  }
}

function readJson(file) {
  try {
    return JSON.parse(readText(file) || 'null');
  } catch {
    // Damaged is as good as absent.
    return null;
  }
}

const indent = (text) => text.replace(/^/gm, '  ');

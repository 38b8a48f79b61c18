/**
 * Electron's binary: whether it is here, whether there is a screen for it, and fetching it. The package itself is never
 * loaded, since loading it begins a download.
 */
import fs from 'node:fs';
import path from 'node:path';
import { run } from './bootstrap.mjs';

const defaultNames = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** The file that starts Electron, or null where it has not been fetched. */
export function electronBinary(root, env = process.env, platform = process.platform) {
  const folder = path.join(root, 'node_modules', 'electron');
  const name = readText(path.join(folder, 'path.txt')) ?? defaultNames[platform] ?? 'electron';
  const file = path.join(env.ELECTRON_OVERRIDE_DIST_PATH || path.join(folder, 'dist'), name);
  return fs.existsSync(file) ? file : null;
}

/** Why no window can be shown here, in words that follow "because"; null where one can. */
export function screenObstacle(env = process.env, platform = process.platform) {
  if (platform === 'linux') {
    if (env.DISPLAY || env.WAYLAND_DISPLAY) return null;
    return env.SSH_CONNECTION ? 'this is an ssh session without a display' : 'there is no display';
  }
  return env.SSH_CONNECTION ? 'this is an ssh session' : null;
}

/** Which of the two `npm start` opens, and why: `{ shell: 'electron', binary }` or `{ shell: 'web', because }`. */
export function chooseShell(root, wishes, env = process.env, platform = process.platform) {
  if (wishes.web) return { shell: 'web', because: '--web was given' };
  const obstacle = screenObstacle(env, platform);
  if (obstacle) return { shell: 'web', because: obstacle };
  const binary = electronBinary(root, env, platform);
  if (binary) return { shell: 'electron', binary };
  if (wishes.electron) return { shell: 'fetch' };
  return {
    shell: 'web',
    because: 'Electron is not here (about 120 MB; `npm start -- --electron` fetches it)',
  };
}

/** Fetches Electron with its own installer; resolves to whether it is there now. */
export async function fetchElectron(node, root) {
  const installer = path.join(root, 'node_modules', 'electron', 'install.js');
  const status = fs.existsSync(installer) ? await run(node, [installer], { cwd: root }) : 1;
  return status === 0 && electronBinary(root) !== null;
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim() || null;
  } catch {
    // Electron's installer writes it at its end.
    return null;
  }
}

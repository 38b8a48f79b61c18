import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The program that opens an address on this machine's screen, with its arguments; null where there is none, and why. */
export function browserOpener(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): { program: string; args: string[] } | { missing: string } {
  if (env.SSH_CONNECTION && !env.DISPLAY) return { missing: 'this is an ssh session' };
  if (platform === 'darwin') return { program: 'open', args: [] };
  // Its first argument is the title of a window; an address that came there would be one.
  if (platform === 'win32') return { program: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return { missing: 'there is no display' };
  const found = (env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, 'xdg-open')));
  return found ? { program: 'xdg-open', args: [] } : { missing: 'xdg-open is not installed' };
}

/** Opens an address in the user's browser; resolves to why that was not done, or null where it was. */
export function openInBrowser(address: string): Promise<string | null> {
  const opener = browserOpener();
  if ('missing' in opener) return Promise.resolve(opener.missing);
  return new Promise((resolve) => {
    const child = spawn(opener.program, [...opener.args, address], { stdio: 'ignore', detached: true });
    child.once('error', (error) => resolve(error.message));
    child.once('spawn', () => {
      child.unref();
      resolve(null);
    });
  });
}

import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAction } from '../../src-preload/bridge/window.ts';

/** The application's menu. `ask` has the page carry an entry out. */
export function menuTemplate(
  platform: NodeJS.Platform,
  ask: (action: MenuAction) => void,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const entry = (label: string, action: MenuAction, accelerator?: string): MenuItemConstructorOptions => ({
    id: action,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => ask(action),
  });
  const file: MenuItemConstructorOptions = {
    role: 'fileMenu',
    submenu: [
      entry('Add folder…', 'add-folder', 'CmdOrCtrl+O'),
      { type: 'separator' },
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      entry('Library', 'show-library', 'CmdOrCtrl+1'),
      entry('Train', 'show-train', 'CmdOrCtrl+2'),
      entry('Runs', 'show-runs', 'CmdOrCtrl+3'),
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      { type: 'separator' },
      { role: 'reload' },
      { role: 'toggleDevTools' },
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [entry('About this session', 'show-about')],
  };
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    file,
    { role: 'editMenu' },
    view,
    { role: 'windowMenu' },
    help,
  ];
}

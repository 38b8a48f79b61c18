import type { BrowserWindow, BrowserWindowConstructorOptions, Display } from 'electron';
import { pageAddress } from './app-page.ts';
import {
  type WindowState,
  keepWindowState,
  openingBounds,
  readWindowState,
  smallest,
} from './window-state.ts';

export interface WindowOptions {
  newWindow(options: BrowserWindowConstructorOptions): BrowserWindow;
  displays: { main: Display; all: readonly Display[] };
  /** Where the window's place is kept. */
  stateFile: string;
  /** The bundled preload. */
  preload: string;
  icon: string;
  dark: boolean;
}

/** What the page may do: nothing that a page in a browser may not. */
export function webPreferences(
  preload: string,
): NonNullable<BrowserWindowConstructorOptions['webPreferences']> {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    // Live curves go on being drawn behind another window.
    backgroundThrottling: false,
  };
}

/** Opens the window where it was last, and keeps its place when it closes. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const kept = readWindowState(options.stateFile);
  const { main, all } = options.displays;
  const workAreas = [main, ...all.filter(({ id }) => id !== main.id)].map(({ workArea }) => workArea);
  const window = options.newWindow({
    ...openingBounds(kept, workAreas),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Resynth',
    icon: options.icon,
    show: false,
    // What shows until the page has drawn: no white flash in the dark.
    backgroundColor: options.dark ? '#14161f' : '#ffffff',
    webPreferences: webPreferences(options.preload),
  });
  if (kept?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => keepWindowState(options.stateFile, stateOf(window)));
  void window.loadURL(pageAddress);
  return window;
}

function stateOf(window: BrowserWindow): WindowState {
  const { x, y, width, height } = window.getNormalBounds();
  return { x, y, width, height, maximized: window.isMaximized() };
}

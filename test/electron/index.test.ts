import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ipcNames } from '../../src-preload/bridge/ipc-names.ts';
import { messagePortChannel } from '../../src-preload/contract/channels/message-port.ts';
import { type Client, createClient } from '../../src-preload/contract/client.ts';
import { hostInfo } from '../../src-preload/contract/commands/host.ts';

const project = path.resolve(import.meta.dirname, '../..');

/** Electron as the main process sees it: what it is told is kept, and nothing is opened. */
const electron = vi.hoisted(() => ({ api: {} as Record<string, unknown> }));
vi.mock('electron', () => electron.api);

class FakeWindow extends EventEmitter {
  static readonly opened: FakeWindow[] = [];
  readonly webContents = { send: vi.fn() };
  readonly loadURL = vi.fn((_address: string) => Promise.resolve());
  readonly maximize = vi.fn();
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly isMinimized = vi.fn(() => true);
  readonly isMaximized = vi.fn(() => false);
  readonly getNormalBounds = vi.fn(() => ({ x: 1, y: 2, width: 1000, height: 700 }));
  readonly options: BrowserWindowConstructorOptions;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    FakeWindow.opened.push(this);
  }
}

let folder: string;
let home: string;
const paths: Record<string, string> = {};
const order: string[] = [];
const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  enableSandbox: vi.fn(() => order.push('sandbox')),
  getPath: vi.fn((name: string) => paths[name]),
  setPath: vi.fn((name: string, value: string) => void (paths[name] = value)),
  getAppPath: () => folder,
  requestSingleInstanceLock: vi.fn(() => true),
  whenReady: () => Promise.resolve().then(() => order.push('ready')),
  quit: vi.fn(),
  exit: vi.fn(),
});
const handlers: Record<string, (...args: unknown[]) => unknown> = {};
const ipcMain = Object.assign(new EventEmitter(), {
  handle: (name: string, handler: (...args: unknown[]) => unknown) => void (handlers[name] = handler),
});
const dialog = {
  showOpenDialog: vi.fn(() => Promise.resolve({ canceled: false, filePaths: ['/data/fsdd'] })),
  showMessageBox: vi.fn(() => Promise.resolve({ response: 0 })),
  showErrorBox: vi.fn(),
};
const session = Object.fromEntries(
  [
    'setPermissionRequestHandler',
    'setPermissionCheckHandler',
    'setDevicePermissionHandler',
    'setDisplayMediaRequestHandler',
    'on',
  ].map((name) => [name, vi.fn()]),
);
const protocol = {
  registerSchemesAsPrivileged: vi.fn(() => order.push('scheme')),
  handle: vi.fn((_scheme: string, _handler: unknown) => undefined),
};
let menu: MenuItemConstructorOptions[] = [];
const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } };

/** Calls of the start; vitest forgets them before the first test. */
const atStart = { guards: [] as string[], schemes: [] as unknown[], locks: 0, loaded: [] as unknown[] };

const ownFrame = { url: 'app://resynth/index.html', parent: null };

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'resynth-window-'));
  folder = path.join(home, 'clone');
  mkdirSync(path.join(folder, 'out', 'renderer'), { recursive: true });
  writeFileSync(path.join(folder, 'out', 'renderer', 'index.html'), '<!doctype html>');
  for (const name of ['src-main', 'src-preload', 'resources', 'node_modules', 'package.json']) {
    symlinkSync(path.join(project, name), path.join(folder, name));
  }
  paths.userData = path.join(home, 'config');
  Object.assign(electron.api, {
    app,
    BrowserWindow: FakeWindow,
    dialog,
    ipcMain,
    Menu: {
      buildFromTemplate: (template: MenuItemConstructorOptions[]) => (menu = template),
      setApplicationMenu: vi.fn(),
    },
    MessageChannelMain: MessageChannel,
    nativeTheme: { shouldUseDarkColors: true },
    powerSaveBlocker: { start: vi.fn(() => 0), stop: vi.fn() },
    protocol,
    screen: { getPrimaryDisplay: () => display, getAllDisplays: () => [display] },
    session: { defaultSession: { ...session, webRequest: { onBeforeRequest: vi.fn() } } },
  });
  vi.stubEnv('RESYNTH_NODE', process.execPath);
  // Only Electron has it.
  Object.assign(process, { resourcesPath: path.join(home, 'resources') });
  const argv = process.argv;
  process.argv = ['/electron', '--no-sandbox', folder, '--home', path.join(home, 'data')];
  await import('../../src-main/electron/index.ts');
  process.argv = argv;
  await vi.waitFor(() => expect(FakeWindow.opened).toHaveLength(1));
  atStart.guards = Object.keys(session).filter((name) => session[name]?.mock.calls.length);
  atStart.schemes = protocol.handle.mock.calls.flat();
  atStart.locks = app.requestSingleInstanceLock.mock.calls.length;
  atStart.loaded = FakeWindow.opened.flatMap(({ loadURL }) => loadURL.mock.calls.flat());
});

afterAll(async () => {
  app.emit('before-quit', { preventDefault: () => undefined });
  await vi.waitFor(() => expect(app.quit).toHaveBeenCalled(), 20_000);
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** A line as the page gets one. */
function pageClient(): Client {
  return createClient({
    reconnect: false,
    open: () =>
      new Promise((resolve) => {
        const id = crypto.randomUUID();
        const postMessage = (_name: string, _id: string, [port]: [MessagePort]): void =>
          resolve(messagePortChannel(port as never));
        ipcMain.emit(ipcNames.port, { senderFrame: ownFrame, sender: { postMessage } }, id);
      }),
  });
}

describe('before anything is shown', () => {
  test('the scheme is known and everything sandboxed before Electron is ready', () => {
    expect(order).toEqual(['scheme', 'sandbox', 'ready']);
  });

  test('the session is guarded and the page has its own scheme', () => {
    expect(atStart.guards).toEqual(Object.keys(session));
    expect(atStart.schemes).toEqual(['app', expect.any(Function)]);
  });

  test('a data folder other than the usual one has a window of its own', () => {
    expect(paths.userData).toMatch(/config.homes.[0-9a-f]{16}$/);
    expect(atStart.locks).toBe(1);
  });
});

describe('the window', () => {
  test('gives the page nothing that a browser would not', () => {
    const [window] = FakeWindow.opened;
    expect(atStart.loaded).toEqual(['app://resynth/index.html']);
    expect(window?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window?.options.webPreferences?.preload).toBe(path.join(folder, 'out', 'preload', 'index.cjs'));
  });

  test('shows when there is something to see, and comes forward instead of a second one', () => {
    const [window] = FakeWindow.opened;
    expect(window?.options.show).toBe(false);
    window?.emit('ready-to-show');
    expect(window?.show).toHaveBeenCalledOnce();
    app.emit('second-instance');
    expect(window?.restore).toHaveBeenCalledOnce();
    expect(window?.focus).toHaveBeenCalledOnce();
    expect(FakeWindow.opened).toHaveLength(1);
  });

  test('keeps its place', () => {
    FakeWindow.opened[0]?.emit('close', { preventDefault: () => undefined });
    app.quit.mockClear();
    const kept: unknown = JSON.parse(readFileSync(path.join(String(paths.userData), 'window.json'), 'utf8'));
    expect(kept).toEqual({ x: 1, y: 2, width: 1000, height: 700, maximized: false });
  });

  test('has a menu whose entries the page carries out', () => {
    const entries = menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    const add = entries.find(({ id }) => id === 'add-folder');
    expect(add?.accelerator).toBe('CmdOrCtrl+O');
    (add?.click as () => void)();
    expect(FakeWindow.opened[0]?.webContents.send).toHaveBeenCalledWith(ipcNames.menu, 'add-folder');
  });
});

describe('the folder picker', () => {
  const pick = (frame: unknown): unknown => handlers[ipcNames.chooseFolder]?.({ senderFrame: frame });

  test('is the system own, for folders', async () => {
    expect(await pick(ownFrame)).toBe('/data/fsdd');
    expect(dialog.showOpenDialog).toHaveBeenCalledWith(FakeWindow.opened[0], {
      properties: ['openDirectory'],
    });
    dialog.showOpenDialog.mockResolvedValueOnce({ canceled: true, filePaths: [] });
    expect(await pick(ownFrame)).toBeNull();
  });

  test('is not for other pages', async () => {
    dialog.showOpenDialog.mockClear();
    expect(await pick({ url: 'https://evil.example/' })).toBeNull();
    expect(await pick(null)).toBeNull();
    expect(dialog.showOpenDialog).not.toHaveBeenCalled();
  });
});

test('the page talks to a host on plain Node', async () => {
  const client = pageClient();
  const info = await client.call(hostInfo, {});
  expect(info).toMatchObject({ kind: 'electron', home: path.join(home, 'data') });
  expect(info.pid).not.toBe(process.pid);
  client.close();
});

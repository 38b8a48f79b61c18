import path from 'node:path';
import process from 'node:process';
import {
  BrowserWindow,
  Menu,
  MessageChannelMain,
  app,
  dialog,
  ipcMain,
  nativeTheme,
  powerSaveBlocker,
  protocol,
  screen,
  session,
} from 'electron';
import { type MenuAction } from '../../src-preload/bridge/window.ts';
import { ipcNames } from '../../src-preload/bridge/ipc-names.ts';
import { ResynthError, asResynthError } from '../../src-preload/contract/errors/error.ts';
import { openHome } from '../store/home.ts';
import { PageFiles } from '../web/page-files.ts';
import { homeFlag, parseStartFlags } from '../web/start-flags.ts';
import { isPageAddress, pagePrivileges, pageScheme, servePage } from './app-page.ts';
import { type CodePlaces, codePlaces } from './code-places.ts';
import { guardApp, guardSession } from './guards.ts';
import { HostChild } from './host-child.ts';
import { menuTemplate } from './menu.ts';
import { servePorts } from './ports.ts';
import { TrainingWatch } from './power.ts';
import { profileFolder } from './profile-folder.ts';
import { Quitting, askBeforeQuit } from './quit.ts';
import { openWindow } from './window.ts';

// Before Electron is ready: what cannot be said later.
protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: pagePrivileges }]);
app.enableSandbox();
guardApp(app);

try {
  // In a clone our flags follow the folder that Electron runs; what comes before is Chromium's.
  const folderAt = process.argv.indexOf(app.getAppPath(), 1);
  const home =
    folderAt === -1
      ? homeFlag(process.argv.slice(1))
      : parseStartFlags(process.argv.slice(folderAt + 1)).home;
  app.setPath('userData', profileFolder(app.getPath('userData'), openHome(home).root, openHome().root));
  if (app.requestSingleInstanceLock()) {
    const places = codePlaces({
      isPackaged: app.isPackaged,
      appPath: app.getAppPath(),
      resourcesPath: process.resourcesPath,
      platform: process.platform,
      env: process.env,
    });
    app
      .whenReady()
      .then(() => run(places, home))
      .catch(fail);
  } else {
    // The window that is open already comes to the front.
    app.quit();
  }
} catch (error) {
  fail(error);
}

function run(places: CodePlaces, home: string | undefined): void {
  guardSession(session.defaultSession);
  servePage(protocol, new PageFiles(path.join(places.root, 'out', 'renderer')));

  const training = new TrainingWatch(powerSaveBlocker);
  const host = new HostChild({
    places,
    home,
    onTraining: (news) => training.hear(news),
    onFailure: (error) => void offerRestart(host, error),
  });
  servePorts({ ipcMain, newChannel: () => new MessageChannelMain(), connect: () => host.connect() });
  // At once: the page asks for a line as soon as it runs.
  host.connect().then(
    (line) => line.close(),
    // The page's own line meets the same, and says so.
    () => undefined,
  );

  let window: BrowserWindow | null = null;
  const show = (): void => {
    if (window) {
      if (window.isMinimized()) window.restore();
      window.focus();
      return;
    }
    window = openWindow({
      newWindow: (options) => new BrowserWindow(options),
      displays: { main: screen.getPrimaryDisplay(), all: screen.getAllDisplays() },
      stateFile: path.join(app.getPath('userData'), 'window.json'),
      preload: path.join(app.getAppPath(), 'out', 'preload', 'index.cjs'),
      icon: path.join(places.root, 'resources', 'icon.png'),
      dark: nativeTheme.shouldUseDarkColors,
    });
    window.on('close', (event) => quitting.windowCloses(event));
    window.on('closed', () => (window = null));
  };
  const ask = (action: MenuAction): void => {
    show();
    window?.webContents.send(ipcNames.menu, action);
  };
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, ask)));
  ipcMain.handle(ipcNames.chooseFolder, async (event) => {
    if (!window || !isPageAddress(event.senderFrame?.url ?? '')) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory'] });
    return canceled ? null : (filePaths[0] ?? null);
  });

  const quitting = new Quitting({
    app,
    platform: process.platform,
    ask: () => askBeforeQuit(dialog, training.ownRuns),
    close: (stopTraining) => host.close({ stopTraining }),
    failed: fail,
  });
  show();
  app.on('second-instance', show);
  app.on('activate', show);
}

async function offerRestart(
  host: HostChild,
  { message, remedy }: { message: string; remedy: string },
): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Resynth',
    message,
    detail: remedy,
    buttons: ['Try again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) host.forgive();
  else app.quit();
}

/** What happens before there is a window, or after it, is said in a box of its own. */
function fail(thrown: unknown): void {
  const { message, remedy } = thrown instanceof ResynthError ? thrown : asResynthError(thrown);
  process.stderr.write(`${message}\n  ${remedy}\n`);
  dialog.showErrorBox('Resynth', `${message}\n\n${remedy}`);
  app.exit(1);
}

import { contextBridge, ipcRenderer } from 'electron';
import { ipcNames } from './bridge/ipc-names.ts';
import { type ElectronBridge, type MenuAction, menuActions, portMessage } from './bridge/window.ts';

/**
 * Runs in the sandbox before the page, and puts these functions on `window.resynth`. Nothing of Electron itself gets there.
 */
const bridge: ElectronBridge = {
  openPort: (id) => ipcRenderer.send(ipcNames.port, String(id)),
  chooseFolder: () => ipcRenderer.invoke(ipcNames.chooseFolder) as Promise<string | null>,
  onMenu(listener) {
    const hear = (_event: unknown, action: unknown): void => {
      if (menuActions.includes(action as MenuAction)) listener(action as MenuAction);
    };
    ipcRenderer.on(ipcNames.menu, hear);
    return () => void ipcRenderer.off(ipcNames.menu, hear);
  },
  platform: process.platform,
};

contextBridge.exposeInMainWorld('resynth', bridge);

// A port cannot pass the bridge; the window's own message event takes it across.
ipcRenderer.on(ipcNames.port, (event, id: unknown) => {
  window.postMessage({ [portMessage]: id }, location.origin, [...event.ports]);
});

/** Names of Electron's messages between the page's preload and the main process. */
export const ipcNames = {
  /** Page to main: open a line; the argument is its id. Main answers under the same name, with the port. */
  port: 'resynth:port',
  /** Page to main, answered: the system's folder picker. */
  chooseFolder: 'resynth:choose-folder',
  /** Main to page: an entry of the menu. */
  menu: 'resynth:menu',
} as const;

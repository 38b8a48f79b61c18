/** What the Electron preload puts on `window.resynth`: these few functions and nothing else of Electron. */
export interface ElectronBridge {
  /**
   * Asks for a line to the host; it comes as a `message` event of this window, `{ [portMessage]: id }`, with the
   * MessagePort in `ports[0]`.
   */
  openPort(id: string): void;
  /** The system's own folder picker; null where the user changed their mind. */
  chooseFolder(): Promise<string | null>;
  /** What the application's menu asks of the page: 'add-folder', 'open-settings', ... Returns a function that ends it. */
  onMenu(listener: (action: MenuAction) => void): () => void;
  /** 'linux', 'darwin' or 'win32', for the words of shortcuts. */
  readonly platform: string;
}

/** The property of the window message that brings a port. */
export const portMessage = 'resynthPort';

/** Entries of the menu that the page carries out. */
export const menuActions = ['add-folder', 'show-library', 'show-train', 'show-runs', 'show-about'] as const;
export type MenuAction = (typeof menuActions)[number];

declare global {
  interface Window {
    /** Only in the Electron window; a page in a browser has none. */
    readonly resynth?: ElectronBridge;
  }
}

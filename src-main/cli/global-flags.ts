/** Flags that every command takes. */
export interface GlobalFlags {
  json: boolean;
  help: boolean;
  version: boolean;
  debug: boolean;
  homeDir: string | undefined;
}

export interface GlobalFlag {
  flag: string;
  placeholder?: string;
  help: string;
}

/** As shown in the help of every command. */
export const globalFlags: readonly GlobalFlag[] = [
  { flag: '--json', help: 'Print the result as JSON, alone on stdout; progress goes to stderr.' },
  {
    flag: '--home',
    placeholder: 'DIR',
    help: 'Data folder; without it $RESYNTH_HOME, else the place of this system.',
  },
  { flag: '--debug', help: 'Show where in the code an error came from.' },
  { flag: '--help', help: 'Show this help.' },
];

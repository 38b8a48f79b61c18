import type { ErrorText } from './catalogue.ts';

/** Texts for the window, the page's host, and what starts them. */
export const shellErrors = {
  'web/page-not-built': {
    message: 'The page is not built: {folder} has no index.html.',
    remedy: 'Start with `npm start`, which builds it, or run `node scripts/build.mjs` once.',
  },
  'web/no-free-port': {
    message: 'No free port was found on 127.0.0.1 from {from} to {to}.',
    remedy: 'Give another one: `npm start -- --port 51000`.',
  },
  'web/port-taken': {
    message: 'Port {port} on 127.0.0.1 cannot be used: {reason}.',
    remedy: 'Give another one with --port, or leave --port away and the next free one is taken.',
  },
  'web/host-silent': {
    message: 'Another process ({pid}) serves the page of this data folder, but gives no address ({detail}).',
    remedy: 'Wait for it or end that process, then start again; nothing that was saved is lost.',
  },
  'web/not-accepted': {
    message: 'This page is not connected: open the address that npm start printed.',
    remedy:
      'An address opens one tab, once. `npm start` again prints a new one, also while Resynth is running; in its terminal the Enter key does.',
  },
  'web/no-answer': {
    message: 'The program that this page belongs to does not answer.',
    remedy: 'The page tries again by itself. If it was closed, start it again with `npm start`.',
  },
  'web/bad-flag': {
    message: '{flag}: {reason}.',
    remedy: '`npm start -- --help` lists what can be given.',
  },
  'electron/host-ended': {
    message: 'The process that does the work ended ({how}).',
    remedy:
      'It is started again by itself. Runs go on in processes of their own, and nothing that was saved is lost.',
  },
  'electron/host-keeps-ending': {
    message: 'The process that does the work ended {times} times within {seconds} seconds ({how}).',
    remedy:
      'Nothing that was saved is lost. `npm run resynth -- doctor` checks the machine; closing and opening Resynth tries again.',
  },
  'electron/no-node': {
    message: "The Node that runs Resynth's work is not at {file}.",
    remedy: 'Install Resynth again; in a clone, run `npm start` once, which brings it.',
  },
} as const satisfies Record<string, ErrorText>;

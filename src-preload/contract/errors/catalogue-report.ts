import type { ErrorText } from './catalogue.ts';

/** Texts for reports: pages of one file about runs. */
export const reportErrors = {
  'report/runs-missing': {
    message: 'The comparison cannot be written: {missing} cannot be found or read.',
    remedy: 'Leave it out, or list the runs there are with: runs list',
  },
  'report/same-run': {
    message: 'Run "{name}" was given twice.',
    remedy: 'Give each run of the comparison once.',
  },
  'report/too-large': {
    message: 'The report would be {size} MB, more than a window can take at once.',
    remedy: 'Save it into a folder of this machine, or put fewer clips in.',
  },
} as const satisfies Record<string, ErrorText>;

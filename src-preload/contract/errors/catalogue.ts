import { audioErrors } from './catalogue-audio.ts';
import { checkpointErrors } from './catalogue-checkpoints.ts';
import { cliErrors } from './catalogue-cli.ts';
import { contractErrors } from './catalogue-contract.ts';
import { datasetErrors } from './catalogue-datasets.ts';
import { embedErrors } from './catalogue-embed.ts';
import { engineErrors } from './catalogue-engine.ts';
import { evaluationErrors } from './catalogue-evaluations.ts';
import { featureErrors } from './catalogue-features.ts';
import { fileErrors } from './catalogue-files.ts';
import { hostErrors } from './catalogue-host.ts';
import { latentErrors } from './catalogue-latent.ts';
import { listeningErrors } from './catalogue-listening.ts';
import { listeningTestErrors } from './catalogue-listening-tests.ts';
import { metricErrors } from './catalogue-metrics.ts';
import { modelErrors } from './catalogue-models.ts';
import { programErrors } from './catalogue-programs.ts';
import { reportErrors } from './catalogue-report.ts';
import { runErrors } from './catalogue-runs.ts';
import { samplerErrors } from './catalogue-samplers.ts';
import { storeErrors } from './catalogue-store.ts';
import { shellErrors } from './catalogue-shell.ts';
import { uploadErrors } from './catalogue-uploads.ts';
import { voiceErrors } from './catalogue-voice.ts';

/** One text of the catalogue: `{name}` is filled in from the error's params. */
export interface ErrorText {
  /** What happened, naming the file, folder or setting. */
  message: string;
  /** What the user can do about it. */
  remedy: string;
}

export type ErrorParams = Record<string, string | number | boolean | null>;

/** The one place where error texts live, a file an area. */
export const catalogue = {
  ...audioErrors,
  ...checkpointErrors,
  ...cliErrors,
  ...contractErrors,
  ...datasetErrors,
  ...embedErrors,
  ...engineErrors,
  ...evaluationErrors,
  ...featureErrors,
  ...fileErrors,
  ...hostErrors,
  ...latentErrors,
  ...listeningErrors,
  ...listeningTestErrors,
  ...metricErrors,
  ...modelErrors,
  ...programErrors,
  ...reportErrors,
  ...runErrors,
  ...samplerErrors,
  ...storeErrors,
  ...shellErrors,
  ...uploadErrors,
  ...voiceErrors,
  'internal/unexpected': {
    message: 'Something went wrong inside Resynth: {detail}',
    remedy: 'Please report this with the log of the run; nothing that was saved before is lost.',
  },
  'internal/cancelled': { message: 'Cancelled.', remedy: 'Start it again when you want to go on.' },
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof catalogue;

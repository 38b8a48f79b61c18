import type { Command } from './command.ts';
import { corpusMake } from './commands/corpus.ts';
import {
  datasetsAdd,
  datasetsDetect,
  datasetsList,
  datasetsRelink,
  datasetsRemove,
  datasetsRename,
  datasetsRescan,
  datasetsRestore,
  datasetsShow,
  datasetsSkipped,
  datasetsSplit,
} from './commands/datasets.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { foldersBrowse, foldersComplete } from './commands/folders.ts';
import {
  hostInfo,
  hostNoticeDismiss,
  jobsCancel,
  jobsList,
  settingsGet,
  settingsSet,
} from './commands/host.ts';
import { signalsAlign } from './commands/listening.ts';
import {
  listeningDelete,
  listeningExport,
  listeningList,
  listeningRestore,
  listeningSave,
  listeningShow,
} from './commands/listening-tests.ts';
import { metricsCommand } from './commands/metrics.ts';
import { modelsCommand } from './commands/models.ts';
import { reconstruct } from './commands/reconstruct.ts';
import {
  runsDelete,
  runsExport,
  runsExtend,
  runsFork,
  runsList,
  runsPause,
  runsResume,
  runsShow,
  runsStop,
  train,
} from './commands/runs.ts';
import { runsCompare } from './commands/runs-compare.ts';
import {
  runsAnnotate,
  runsClip,
  runsClips,
  runsDiscard,
  runsLog,
  runsMetrics,
  runsMove,
  runsRename,
  runsRestore,
  runsUnqueue,
} from './commands/runs-live.ts';
import {
  recordingsList,
  recordingsPeaks,
  recordingsShow,
  recordingsSound,
  recordingsSpectrogram,
  recordingsStats,
} from './commands/recordings.ts';
import { sample } from './commands/sample.ts';
import { trainEstimate, trainForm, trainPreview } from './commands/train-form.ts';
import type { EventDefinition } from './event.ts';
import { datasetChanged, datasetRemoved } from './events/datasets.ts';
import { hostChanged, jobChanged, settingChanged } from './events/host.ts';
import { listeningTestChanged, listeningTestRemoved } from './events/listening-tests.ts';
import { runChanged, runClipsDecoded, runMeasured, runProgressed, runRemoved } from './events/runs.ts';

/** Every command, in the order of the help: as one works through them. */
export const commands: readonly Command[] = [
  demo,
  doctor,
  corpusMake,
  datasetsDetect,
  datasetsAdd,
  datasetsList,
  datasetsShow,
  datasetsSkipped,
  datasetsRescan,
  datasetsSplit,
  datasetsRelink,
  datasetsRename,
  datasetsRemove,
  datasetsRestore,
  recordingsList,
  recordingsStats,
  recordingsShow,
  recordingsPeaks,
  recordingsSpectrogram,
  recordingsSound,
  signalsAlign,
  modelsCommand,
  trainForm,
  trainPreview,
  trainEstimate,
  train,
  runsList,
  runsShow,
  runsCompare,
  runsMetrics,
  runsLog,
  runsClips,
  runsClip,
  runsResume,
  runsExtend,
  runsFork,
  runsPause,
  runsStop,
  runsDiscard,
  runsUnqueue,
  runsMove,
  runsRename,
  runsAnnotate,
  runsDelete,
  runsRestore,
  runsExport,
  reconstruct,
  sample,
  metricsCommand,
  listeningSave,
  listeningList,
  listeningShow,
  listeningExport,
  listeningDelete,
  listeningRestore,
  hostInfo,
  hostNoticeDismiss,
  jobsList,
  jobsCancel,
  foldersBrowse,
  foldersComplete,
  settingsGet,
  settingsSet,
].map((command) => command as Command);

/** Every event that a host publishes. */
export const events: readonly EventDefinition[] = [
  hostChanged,
  jobChanged,
  settingChanged,
  datasetChanged,
  datasetRemoved,
  runChanged,
  runRemoved,
  runProgressed,
  runMeasured,
  runClipsDecoded,
  listeningTestChanged,
  listeningTestRemoved,
].map((event) => event as EventDefinition);

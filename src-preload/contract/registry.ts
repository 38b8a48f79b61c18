import type { Command } from './command.ts';
import {
  benchmark,
  benchmarksDelete,
  benchmarksList,
  benchmarksSave,
  benchmarksShow,
} from './commands/benchmark.ts';
import { latentComponents } from './commands/components.ts';
import { corpusMake } from './commands/corpus.ts';
import {
  datasetsAnalyse,
  datasetsExclude,
  datasetsExport,
  datasetsInclude,
} from './commands/datasets-analysis.ts';
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
import { embed, unembed } from './commands/embed.ts';
import { featuresCommand } from './commands/features.ts';
import { foldersBrowse, foldersComplete } from './commands/folders.ts';
import {
  generateClassMeans,
  generatedClip,
  generatedDelete,
  generatedExport,
  generatedList,
  generateContinue,
  generateFreeRunning,
  generateComponents,
  generateInterpolate,
  generatePrior,
} from './commands/generate.ts';
import {
  hostInfo,
  hostNoticeDismiss,
  jobsCancel,
  jobsList,
  settingsGet,
  settingsSet,
} from './commands/host.ts';
import { importCheckpoint, importUpload } from './commands/import-checkpoint.ts';
import {
  latentAbilities,
  latentClip,
  latentEncode,
  latentMap,
  latentNeighbours,
  latentSeparation,
} from './commands/latent.ts';
import { signalsAlign } from './commands/listening.ts';
import {
  listeningDelete,
  listeningExport,
  listeningList,
  listeningRestore,
  listeningSave,
  listeningShow,
} from './commands/listening-tests.ts';
import {
  evaluate,
  evaluateBaselines,
  evaluateDelete,
  evaluateExport,
  evaluateList,
  evaluateRestore,
  evaluateShow,
  evaluateSound,
} from './commands/evaluate.ts';
import { evaluateCompare } from './commands/evaluate-compare.ts';
import { metricsCommand, metricsList } from './commands/metrics.ts';
import { mediaClear, mediaLimit, mediaShow } from './commands/media.ts';
import { modelsCommand } from './commands/models.ts';
import { reconstruct } from './commands/reconstruct.ts';
import { reportCompare, reportRun, runsClipsExport } from './commands/report.ts';
import {
  runsDelete,
  runsExport,
  runsWeights,
  runsExtend,
  runsFork,
  runsList,
  runsPause,
  runsResume,
  runsShow,
  runsStop,
  train,
} from './commands/runs.ts';
import { runsBitrate, runsLatents } from './commands/runs-code.ts';
import { runsCode } from './commands/runs-codebooks.ts';
import { runsCompare } from './commands/runs-compare.ts';
import {
  runsAnnotate,
  runsClip,
  runsClips,
  runsDifference,
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
  recordingsTile,
} from './commands/recordings.ts';
import { recordingsCut, recordingsPlan, recordingsSaveTake, recordingsTrim } from './commands/recorder.ts';
import { sample } from './commands/sample.ts';
import { samplersCompare, samplersOffered } from './commands/samplers.ts';
import { systemsAdd, systemsList, systemsRemove, systemsShow } from './commands/systems.ts';
import { trainEstimate, trainForm, trainPreview } from './commands/train-form.ts';
import { uploadsDiscard, uploadsPut } from './commands/uploads.ts';
import { voiceExamine, voiceKeep, voiceReady, voiceReconstruct } from './commands/voice.ts';
import type { EventDefinition } from './event.ts';
import { datasetChanged, datasetRemoved } from './events/datasets.ts';
import { evaluationChanged, evaluationRemoved, systemChanged, systemRemoved } from './events/evaluations.ts';
import { benchmarkChanged, benchmarkRemoved } from './events/benchmarks.ts';
import { hostChanged, jobChanged, settingChanged } from './events/host.ts';
import { generatedChanged, latentLayout } from './events/latent.ts';
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
  datasetsAnalyse,
  datasetsExclude,
  datasetsInclude,
  datasetsExport,
  datasetsRelink,
  datasetsRename,
  datasetsRemove,
  datasetsRestore,
  recordingsList,
  recordingsStats,
  recordingsShow,
  recordingsPeaks,
  recordingsSpectrogram,
  recordingsTile,
  recordingsSound,
  recordingsPlan,
  recordingsCut,
  recordingsTrim,
  recordingsSaveTake,
  signalsAlign,
  uploadsPut,
  uploadsDiscard,
  voiceExamine,
  voiceReady,
  voiceReconstruct,
  voiceKeep,
  modelsCommand,
  trainForm,
  trainPreview,
  trainEstimate,
  train,
  importCheckpoint,
  importUpload,
  runsList,
  runsShow,
  runsCompare,
  runsMetrics,
  runsLatents,
  runsBitrate,
  runsCode,
  runsLog,
  runsClips,
  runsClip,
  runsDifference,
  runsClipsExport,
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
  runsWeights,
  reportRun,
  reportCompare,
  reconstruct,
  embed,
  unembed,
  sample,
  samplersOffered,
  samplersCompare,
  generatePrior,
  generateClassMeans,
  generateComponents,
  generateInterpolate,
  generateContinue,
  generateFreeRunning,
  generatedList,
  generatedExport,
  generatedDelete,
  generatedClip,
  latentEncode,
  latentMap,
  latentNeighbours,
  latentComponents,
  latentSeparation,
  latentClip,
  latentAbilities,
  featuresCommand,
  metricsCommand,
  metricsList,
  evaluate,
  evaluateList,
  evaluateShow,
  evaluateCompare,
  evaluateExport,
  evaluateDelete,
  evaluateRestore,
  evaluateBaselines,
  evaluateSound,
  benchmark,
  benchmarksList,
  benchmarksShow,
  benchmarksSave,
  benchmarksDelete,
  systemsAdd,
  systemsList,
  systemsShow,
  systemsRemove,
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
  mediaShow,
  mediaLimit,
  mediaClear,
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
  evaluationChanged,
  evaluationRemoved,
  systemChanged,
  systemRemoved,
  benchmarkChanged,
  benchmarkRemoved,
  latentLayout,
  generatedChanged,
].map((event) => event as EventDefinition);

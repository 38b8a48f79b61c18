import {
  benchmark,
  benchmarksDelete,
  benchmarksList,
  benchmarksSave,
  benchmarksShow,
} from '../../src-preload/contract/commands/benchmark.ts';
import { latentComponents } from '../../src-preload/contract/commands/components.ts';
import { corpusMake } from '../../src-preload/contract/commands/corpus.ts';
import {
  datasetsAnalyse,
  datasetsExclude,
  datasetsExport,
  datasetsInclude,
} from '../../src-preload/contract/commands/datasets-analysis.ts';
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
} from '../../src-preload/contract/commands/datasets.ts';
import { demo } from '../../src-preload/contract/commands/demo.ts';
import { doctor } from '../../src-preload/contract/commands/doctor.ts';
import {
  hostInfo,
  hostNoticeDismiss,
  jobsCancel,
  jobsList,
  settingsGet,
  settingsSet,
} from '../../src-preload/contract/commands/host.ts';
import { featuresCommand } from '../../src-preload/contract/commands/features.ts';
import { foldersBrowse, foldersComplete } from '../../src-preload/contract/commands/folders.ts';
import {
  generateClassMeans,
  generateComponents,
  generatedClip,
  generatedDelete,
  generatedExport,
  generatedList,
  generateContinue,
  generateFreeRunning,
  generateInterpolate,
  generatePrior,
} from '../../src-preload/contract/commands/generate.ts';
import { importCheckpoint, importUpload } from '../../src-preload/contract/commands/import-checkpoint.ts';
import {
  latentAbilities,
  latentClip,
  latentEncode,
  latentMap,
  latentNeighbours,
  latentSeparation,
} from '../../src-preload/contract/commands/latent.ts';
import { samplersCompare, samplersOffered } from '../../src-preload/contract/commands/samplers.ts';
import { signalsAlign } from '../../src-preload/contract/commands/listening.ts';
import {
  listeningDelete,
  listeningExport,
  listeningList,
  listeningRestore,
  listeningSave,
  listeningShow,
} from '../../src-preload/contract/commands/listening-tests.ts';
import {
  evaluate,
  evaluateBaselines,
  evaluateDelete,
  evaluateExport,
  evaluateList,
  evaluateRestore,
  evaluateShow,
  evaluateSound,
} from '../../src-preload/contract/commands/evaluate.ts';
import { evaluateCompare } from '../../src-preload/contract/commands/evaluate-compare.ts';
import { metricsCommand, metricsList } from '../../src-preload/contract/commands/metrics.ts';
import {
  systemsAdd,
  systemsList,
  systemsRemove,
  systemsShow,
} from '../../src-preload/contract/commands/systems.ts';
import { mediaClear, mediaLimit, mediaShow } from '../../src-preload/contract/commands/media.ts';
import { modelsCommand } from '../../src-preload/contract/commands/models.ts';
import { embed, unembed } from '../../src-preload/contract/commands/embed.ts';
import { reconstruct } from '../../src-preload/contract/commands/reconstruct.ts';
import { reportCompare, reportRun, runsClipsExport } from '../../src-preload/contract/commands/report.ts';
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
} from '../../src-preload/contract/commands/runs.ts';
import { runsBitrate, runsLatents } from '../../src-preload/contract/commands/runs-code.ts';
import { runsCode } from '../../src-preload/contract/commands/runs-codebooks.ts';
import { runsCompare } from '../../src-preload/contract/commands/runs-compare.ts';
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
} from '../../src-preload/contract/commands/runs-live.ts';
import {
  recordingsList,
  recordingsPeaks,
  recordingsShow,
  recordingsSound,
  recordingsSpectrogram,
  recordingsStats,
  recordingsTile,
} from '../../src-preload/contract/commands/recordings.ts';
import { trainEstimate, trainForm, trainPreview } from '../../src-preload/contract/commands/train-form.ts';
import {
  recordingsCut,
  recordingsPlan,
  recordingsSaveTake,
  recordingsTrim,
} from '../../src-preload/contract/commands/recorder.ts';
import { sample } from '../../src-preload/contract/commands/sample.ts';
import { uploadsDiscard, uploadsPut } from '../../src-preload/contract/commands/uploads.ts';
import {
  voiceExamine,
  voiceKeep,
  voiceReady,
  voiceReconstruct,
} from '../../src-preload/contract/commands/voice.ts';
import { bind, type BoundCommand } from './bind.ts';

/** Every command with the way to its code. Nothing heavy is loaded until a command is called. */
export const boundCommands: readonly BoundCommand[] = [
  bind(demo, async () => (await import('./demo/demo.ts')).handleDemo, { job: { title: () => 'The demo' } }),
  bind(doctor, async () => (await import('./doctor.ts')).handleDoctor, { standalone: true }),
  bind(corpusMake, async () => (await import('./sample-corpus/sample-corpus.ts')).handleCorpusMake, {
    job: { title: () => 'Make the sample corpus' },
  }),
  bind(datasetsAdd, async () => (await import('./datasets/commands.ts')).handleDatasetsAdd, {
    job: { title: ({ dir }) => `Index ${dir}` },
  }),
  bind(datasetsList, async () => (await import('./datasets/commands.ts')).handleDatasetsList),
  bind(datasetsShow, async () => (await import('./datasets/commands.ts')).handleDatasetsShow),
  bind(datasetsSkipped, async () => (await import('./datasets/commands.ts')).handleDatasetsSkipped),
  bind(datasetsDetect, async () => (await import('./datasets/commands.ts')).handleDatasetsDetect),
  bind(datasetsRescan, async () => (await import('./datasets/commands.ts')).handleDatasetsRescan, {
    job: { title: ({ dataset }) => `Read ${dataset} again`, subject: ({ dataset }) => dataset },
  }),
  bind(datasetsRelink, async () => (await import('./datasets/commands.ts')).handleDatasetsRelink, {
    job: { title: ({ dataset, dir }) => `Compare ${dataset} with ${dir}`, subject: ({ dataset }) => dataset },
  }),
  bind(datasetsSplit, async () => (await import('./datasets/commands.ts')).handleDatasetsSplit),
  bind(datasetsAnalyse, async () => (await import('./datasets/analysing.ts')).handleDatasetsAnalyse, {
    job: { title: ({ dataset }) => `Analyse ${dataset}`, subject: ({ dataset }) => dataset },
  }),
  bind(datasetsExclude, async () => (await import('./datasets/analysing.ts')).handleDatasetsExclude),
  bind(datasetsInclude, async () => (await import('./datasets/analysing.ts')).handleDatasetsInclude),
  bind(datasetsExport, async () => (await import('./datasets/exporting.ts')).handleDatasetsExport),
  bind(datasetsRename, async () => (await import('./datasets/commands.ts')).handleDatasetsRename),
  bind(datasetsRemove, async () => (await import('./datasets/commands.ts')).handleDatasetsRemove),
  bind(datasetsRestore, async () => (await import('./datasets/commands.ts')).handleDatasetsRestore),
  bind(recordingsList, async () => (await import('./recordings/commands.ts')).handleRecordingsList),
  bind(recordingsStats, async () => (await import('./recordings/commands.ts')).handleRecordingsStats),
  bind(recordingsShow, async () => (await import('./recordings/commands.ts')).handleRecordingsShow),
  bind(recordingsPeaks, async () => (await import('./recordings/commands.ts')).handleRecordingsPeaks),
  bind(
    recordingsSpectrogram,
    async () => (await import('./recordings/commands.ts')).handleRecordingsSpectrogram,
  ),
  bind(recordingsTile, async () => (await import('./recordings/commands.ts')).handleRecordingsTile),
  bind(recordingsSound, async () => (await import('./recordings/commands.ts')).handleRecordingsSound),
  bind(recordingsPlan, async () => (await import('./recorder/commands.ts')).handleRecordingsPlan),
  bind(recordingsCut, async () => (await import('./recorder/commands.ts')).handleRecordingsCut, {
    job: { title: ({ file }) => `Cut ${file}` },
  }),
  bind(recordingsTrim, async () => (await import('./recorder/commands.ts')).handleRecordingsTrim),
  bind(recordingsSaveTake, async () => (await import('./recorder/commands.ts')).handleRecordingsSaveTake),
  bind(uploadsPut, async () => (await import('./uploads/commands.ts')).handleUploadsPut),
  bind(uploadsDiscard, async () => (await import('./uploads/commands.ts')).handleUploadsDiscard),
  bind(voiceExamine, async () => (await import('./voice/commands.ts')).handleVoiceExamine),
  bind(voiceReady, async () => (await import('./voice/commands.ts')).handleVoiceReady),
  bind(voiceReconstruct, async () => (await import('./voice/reconstruct-voice.ts')).handleVoiceReconstruct),
  bind(voiceKeep, async () => (await import('./voice/commands.ts')).handleVoiceKeep),
  bind(signalsAlign, async () => (await import('./listening/listening.ts')).handleSignalsAlign),
  bind(foldersBrowse, async () => (await import('./folders/commands.ts')).handleFoldersBrowse),
  bind(foldersComplete, async () => (await import('./folders/commands.ts')).handleFoldersComplete),
  bind(modelsCommand, async () => (await import('./models.ts')).listModels, { standalone: true }),
  bind(trainForm, async () => (await import('./training/train-form.ts')).handleTrainForm, {
    standalone: true,
  }),
  bind(trainPreview, async () => (await import('./training/train-preview.ts')).handleTrainPreview),
  bind(trainEstimate, async () => (await import('./training/train-estimate.ts')).handleTrainEstimate, {
    job: { title: ({ preset }) => `Measure ${preset}`, subject: ({ dataset }) => dataset },
  }),
  bind(train, async () => (await import('./runs/runs-train.ts')).handleTrain),
  bind(importCheckpoint, async () => (await import('./runs/runs-import.ts')).handleImportCheckpoint),
  bind(importUpload, async () => (await import('./runs/runs-import.ts')).handleImportUpload),
  bind(runsList, async () => (await import('./runs/runs-commands.ts')).handleRunsList),
  bind(runsShow, async () => (await import('./runs/runs-commands.ts')).handleRunsShow),
  bind(runsCompare, async () => (await import('./runs/runs-compare.ts')).handleRunsCompare),
  bind(runsResume, async () => (await import('./runs/runs-train.ts')).handleRunsResume),
  bind(runsExtend, async () => (await import('./runs/runs-train.ts')).handleRunsExtend),
  bind(runsFork, async () => (await import('./runs/runs-train.ts')).handleRunsFork),
  bind(runsPause, async () => (await import('./runs/runs-control-commands.ts')).handleRunsPause),
  bind(runsStop, async () => (await import('./runs/runs-control-commands.ts')).handleRunsStop),
  bind(runsDelete, async () => (await import('./runs/runs-edit.ts')).handleRunsDelete),
  bind(runsDiscard, async () => (await import('./runs/runs-edit.ts')).handleRunsDiscard),
  bind(runsRestore, async () => (await import('./runs/runs-edit.ts')).handleRunsRestore),
  bind(runsRename, async () => (await import('./runs/runs-edit.ts')).handleRunsRename),
  bind(runsAnnotate, async () => (await import('./runs/runs-edit.ts')).handleRunsAnnotate),
  bind(runsUnqueue, async () => (await import('./runs/runs-control-commands.ts')).handleRunsUnqueue),
  bind(runsMove, async () => (await import('./runs/runs-control-commands.ts')).handleRunsMove),
  bind(runsLog, async () => (await import('./runs/runs-log.ts')).handleRunsLog),
  bind(runsMetrics, async () => (await import('./runs/runs-log.ts')).handleRunsMetrics),
  bind(runsLatents, async () => (await import('./runs/runs-code.ts')).handleRunsLatents),
  bind(runsBitrate, async () => (await import('./runs/runs-code.ts')).handleRunsBitrate),
  bind(runsCode, async () => (await import('./runs/runs-codebooks.ts')).handleRunsCode),
  bind(runsClips, async () => (await import('./runs/run-clips.ts')).handleRunsClips),
  bind(runsClip, async () => (await import('./runs/run-clips.ts')).handleRunsClip),
  bind(runsDifference, async () => (await import('./runs/run-clips.ts')).handleRunsDifference),
  bind(runsExport, async () => (await import('./runs/runs-export.ts')).handleRunsExport),
  bind(runsWeights, async () => (await import('./runs/runs-export.ts')).handleRunsWeights),
  bind(runsClipsExport, async () => (await import('./report/clip-set.ts')).handleRunsClipsExport, {
    job: { title: ({ run }) => `Write the clips of ${run}`, subject: ({ run }) => run },
  }),
  bind(reportRun, async () => (await import('./report/commands.ts')).handleReportRun, {
    job: { title: ({ run }) => `Report on ${run}`, subject: ({ run }) => run },
  }),
  bind(reportCompare, async () => (await import('./report/commands.ts')).handleReportCompare, {
    job: { title: ({ runs }) => `Report on ${count(runs.length, 'run')}` },
  }),
  bind(reconstruct, async () => (await import('./reconstruct.ts')).handleReconstruct, {
    job: {
      title: ({ files, run }) => `Reconstruct ${count(files.length, 'file')} with ${run}`,
      subject: ({ run }) => run,
    },
  }),
  bind(embed, async () => (await import('./embed/commands.ts')).handleEmbed, {
    job: {
      title: ({ dataset, run }) => `Encode ${dataset ?? 'the dataset'} with ${run}`,
      subject: ({ run }) => run,
    },
  }),
  bind(unembed, async () => (await import('./embed/commands.ts')).handleUnembed, {
    job: { title: ({ folder }) => `Decode the codes in ${folder}` },
  }),
  bind(sample, async () => (await import('./reconstruct.ts')).handleSample, {
    job: { title: ({ n, run }) => `Draw ${count(n, 'clip')} from ${run}`, subject: ({ run }) => run },
  }),
  bind(generatePrior, async () => (await import('./generate/commands.ts')).handleGeneratePrior, {
    job: { title: ({ n, run }) => `Generate ${count(n, 'clip')} from ${run}`, subject: ({ run }) => run },
  }),
  bind(generateClassMeans, async () => (await import('./generate/commands.ts')).handleGenerateClassMeans, {
    job: { title: ({ by, run }) => `Generate around each ${by} of ${run}`, subject: ({ run }) => run },
  }),
  bind(generateComponents, async () => (await import('./generate/commands.ts')).handleGenerateComponents, {
    job: { title: ({ run }) => `Generate from the components of ${run}`, subject: ({ run }) => run },
  }),
  bind(generateInterpolate, async () => (await import('./generate/commands.ts')).handleGenerateInterpolate, {
    job: { title: ({ run }) => `Generate between two clips with ${run}`, subject: ({ run }) => run },
  }),
  bind(generateContinue, async () => (await import('./generate/commands.ts')).handleGenerateContinue, {
    job: { title: ({ run }) => `Continue a recording with ${run}`, subject: ({ run }) => run },
  }),
  bind(generateFreeRunning, async () => (await import('./generate/commands.ts')).handleGenerateFreeRunning, {
    job: { title: ({ run }) => `Let ${run} hear itself`, subject: ({ run }) => run },
  }),
  bind(generatedList, async () => (await import('./generate/commands.ts')).handleGeneratedList),
  bind(generatedExport, async () => (await import('./generate/commands.ts')).handleGeneratedExport),
  bind(generatedDelete, async () => (await import('./generate/commands.ts')).handleGeneratedDelete),
  bind(generatedClip, async () => (await import('./generate/commands.ts')).handleGeneratedClip),
  bind(latentEncode, async () => (await import('./latent/commands.ts')).handleLatentEncode, {
    job: { title: ({ split, run }) => `Encode the ${split} clips of ${run}`, subject: ({ run }) => run },
  }),
  bind(latentMap, async () => (await import('./latent/commands.ts')).handleLatentMap, {
    job: { title: ({ run }) => `Map the codes of ${run}`, subject: ({ run }) => run },
  }),
  bind(latentNeighbours, async () => (await import('./latent/commands.ts')).handleLatentNeighbours),
  bind(latentSeparation, async () => (await import('./latent/commands.ts')).handleLatentSeparation),
  bind(latentComponents, async () => (await import('./latent/components.ts')).handleLatentComponents, {
    job: { title: ({ run }) => `Tell the components of ${run}`, subject: ({ run }) => run },
  }),
  bind(samplersOffered, async () => (await import('./samplers/offered.ts')).handleSamplersOffered),
  bind(samplersCompare, async () => (await import('./samplers/compare.ts')).handleSamplersCompare, {
    job: { title: ({ runs }) => `Compare what ${count(runs.length, 'run')} draw` },
  }),
  bind(latentClip, async () => (await import('./latent/clip.ts')).handleLatentClip),
  bind(latentAbilities, async () => (await import('./latent/commands.ts')).handleLatentAbilities),
  bind(featuresCommand, async () => (await import('./features.ts')).handleFeatures, {
    job: { title: ({ kind, file }) => `Compute ${kind} of ${file}` },
  }),
  bind(metricsCommand, async () => (await import('./metrics.ts')).handleMetrics, {
    job: { title: ({ degraded, reference }) => `Measure ${degraded} against ${reference}` },
  }),
  bind(metricsList, async () => (await import('./metrics.ts')).handleMetricsList, { standalone: true }),
  bind(evaluate, async () => (await import('./evaluation/evaluate.ts')).handleEvaluate, {
    job: {
      title: ({ run, baseline, system }) => `Evaluate ${run ?? baseline ?? system ?? 'nothing'}`,
      subject: ({ run }) => run ?? '',
    },
  }),
  bind(evaluateList, async () => (await import('./evaluation/commands.ts')).handleEvaluateList),
  bind(evaluateShow, async () => (await import('./evaluation/commands.ts')).handleEvaluateShow),
  bind(evaluateExport, async () => (await import('./evaluation/commands.ts')).handleEvaluateExport),
  bind(evaluateCompare, async () => (await import('./evaluation/compare.ts')).handleEvaluateCompare),
  bind(evaluateDelete, async () => (await import('./evaluation/commands.ts')).handleEvaluateDelete),
  bind(evaluateRestore, async () => (await import('./evaluation/commands.ts')).handleEvaluateRestore),
  bind(evaluateBaselines, async () => (await import('./evaluation/commands.ts')).handleEvaluateBaselines, {
    standalone: true,
  }),
  bind(evaluateSound, async () => (await import('./evaluation/commands.ts')).handleEvaluateSound),
  bind(benchmark, async () => (await import('./benchmark/commands.ts')).handleBenchmark, {
    job: {
      title: ({ name, systems }) => `Benchmark ${name ?? count(systems.length, 'system')}`,
      subject: ({ name }) => name ?? '',
    },
  }),
  bind(benchmarksList, async () => (await import('./benchmark/commands.ts')).handleBenchmarksList),
  bind(benchmarksShow, async () => (await import('./benchmark/commands.ts')).handleBenchmarksShow),
  bind(benchmarksSave, async () => (await import('./benchmark/commands.ts')).handleBenchmarksSave),
  bind(benchmarksDelete, async () => (await import('./benchmark/commands.ts')).handleBenchmarksDelete),
  bind(systemsAdd, async () => (await import('./evaluation/external.ts')).handleSystemsAdd),
  bind(systemsList, async () => (await import('./evaluation/external.ts')).handleSystemsList),
  bind(systemsShow, async () => (await import('./evaluation/external.ts')).handleSystemsShow),
  bind(systemsRemove, async () => (await import('./evaluation/external.ts')).handleSystemsRemove),
  bind(listeningSave, async () => (await import('./listening/listening-tests.ts')).handleListeningSave),
  bind(listeningList, async () => (await import('./listening/listening-tests.ts')).handleListeningList),
  bind(listeningShow, async () => (await import('./listening/listening-tests.ts')).handleListeningShow),
  bind(listeningExport, async () => (await import('./listening/listening-tests.ts')).handleListeningExport),
  bind(listeningDelete, async () => (await import('./listening/listening-tests.ts')).handleListeningDelete),
  bind(listeningRestore, async () => (await import('./listening/listening-tests.ts')).handleListeningRestore),
  bind(hostInfo, async () => (await import('./host-commands.ts')).handleHostInfo),
  bind(hostNoticeDismiss, async () => (await import('./host-commands.ts')).handleHostNoticeDismiss),
  bind(jobsList, async () => (await import('./host-commands.ts')).handleJobsList),
  bind(jobsCancel, async () => (await import('./host-commands.ts')).handleJobsCancel),
  bind(mediaShow, async () => (await import('./media/media-limit.ts')).handleMediaShow),
  bind(mediaLimit, async () => (await import('./media/media-limit.ts')).handleMediaLimit),
  bind(mediaClear, async () => (await import('./media/media-limit.ts')).handleMediaClear),
  bind(settingsGet, async () => (await import('./host-commands.ts')).handleSettingsGet),
  bind(settingsSet, async () => (await import('./host-commands.ts')).handleSettingsSet),
];

function count(number: number, what: string): string {
  return number === 1 ? `one ${what}` : `${number} ${what}s`;
}

import type { DoctorReport } from '../../../src-preload/contract/commands/doctor.ts';
import { renderDoctor } from '../../host/texts.ts';
import { renderAnalysis } from './analysis.ts';
import { renderBenchmark, renderBenchmarksList } from './benchmark.ts';
import { renderDataset } from './datasets.ts';
import { renderRunsBitrate, renderRunsLatents } from './code.ts';
import { renderRunsCode } from './codebooks.ts';
import { renderRunsCompare } from './compare.ts';
import { renderEmbedded, renderUnembedded } from './embed.ts';
import {
  renderEvaluation,
  renderEvaluationComparison,
  renderEvaluationExport,
  renderEvaluationList,
  renderMetricsList,
  renderSystemsList,
} from './evaluations.ts';
import { renderComponents } from './components.ts';
import { renderGenerated, renderGeneratedList, renderLatentMap } from './latent.ts';
import { renderListeningExport, renderListeningList } from './listening.ts';
import { renderModels } from './models.ts';
import { renderReport } from './report.ts';
import { renderCut, renderPlan } from './recorder.ts';
import { renderDemo, renderReconstruct, renderSample } from './results.ts';
import { renderRunsMetrics } from './metrics.ts';
import { renderSamplers } from './samplers.ts';
import { renderRunsList, renderTrained } from './runs.ts';

/** Lines for a reader from the output of one command, which its schema has accepted. */
export type Renderer = (output: unknown, columns: number) => string[];

/** Commands with a layout of their own, by name. */
export const renderers: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([
  [
    'doctor',
    (output) =>
      renderDoctor(output as DoctorReport)
        .trimEnd()
        .split('\n'),
  ],
  ['models', renderModels],
  ['datasets add', renderDataset],
  ['datasets analyse', renderAnalysis],
  ['datasets show', renderDataset],
  ['datasets rescan', renderDataset],
  ['datasets relink', renderDataset],
  ['datasets split', renderDataset],
  ['datasets rename', renderDataset],
  ['datasets restore', renderDataset],
  ['train', renderTrained],
  ['runs list', renderRunsList],
  ['runs compare', renderRunsCompare],
  ['runs metrics', renderRunsMetrics],
  ['report run', renderReport],
  ['report compare', renderReport],
  ['runs latents', renderRunsLatents],
  ['runs bitrate', renderRunsBitrate],
  ['runs code', renderRunsCode],
  ['runs resume', renderTrained],
  ['runs extend', renderTrained],
  ['runs fork', renderTrained],
  ['samplers compare', renderSamplers],
  ['reconstruct', renderReconstruct],
  ['embed', renderEmbedded],
  ['unembed', renderUnembedded],
  ['sample', renderSample],
  ['recordings cut', renderCut],
  ['recordings plan', renderPlan],
  ['generate prior', renderGenerated],
  ['generate class-means', renderGenerated],
  ['generate components', renderGenerated],
  ['generate interpolate', renderGenerated],
  ['generate continue', renderGenerated],
  ['generate free-running', renderGenerated],
  ['generated list', renderGeneratedList],
  ['latent map', renderLatentMap],
  ['latent components', renderComponents],
  ['listening list', renderListeningList],
  ['listening export', renderListeningExport],
  ['evaluations metrics', renderMetricsList],
  ['evaluate', renderEvaluation],
  ['evaluations show', renderEvaluation],
  ['evaluations list', renderEvaluationList],
  ['evaluations compare', renderEvaluationComparison],
  ['evaluations export', renderEvaluationExport],
  ['benchmark', renderBenchmark],
  ['benchmarks show', renderBenchmark],
  ['benchmarks list', renderBenchmarksList],
  ['systems list', renderSystemsList],
  ['demo', renderDemo],
]);

import type { AnalystTask, AnswerTo, SpectrogramPicture, SpectrogramTask } from './tasks.ts';
import { inspect } from './inspect.ts';

/**
 * Does one task, in the child process. What only some tasks need is loaded when the first of them comes: the first
 * recordings of a scan must not wait for the Fourier transform to be read from disk.
 */
export async function perform(task: AnalystTask): Promise<AnswerTo<AnalystTask>> {
  switch (task.kind) {
    case 'inspect':
      return inspect(task);
    case 'features':
      return (await import('./feature-rows.ts')).computeFeatureRow(task);
    case 'probe':
      return (await import('./sound.ts')).probe(task);
    case 'sound':
      return (await import('./sound.ts')).readSound(task);
    case 'peaks':
      return (await import('./peaks.ts')).readPeaks(task);
    case 'modelView':
      return (await import('./model-view.ts')).viewAsModel(task);
    case 'invert':
      return (await import('./invert.ts')).invertLevels(task);
    case 'prominence':
      return (await import('./prominent.ts')).findProminent(task);
    case 'align':
      return (await import('./align.ts')).alignSignals(task);
    case 'measure':
      return (await import('./measure.ts')).measureFiles(task);
    case 'degrade':
      return (await import('./degrade.ts')).degradeFile(task);
    case 'examine':
      return (await import('./takes.ts')).examine(task);
    case 'utterances':
      return (await import('./takes.ts')).findInFile(task);
    case 'shapeTake':
      return (await import('./takes.ts')).shapeTake(task);
    case 'cutTakes':
      return (await import('./takes.ts')).cutTakes(task);
    case 'hear':
      return (await import('./hear.ts')).hearFile(task);
    case 'extract':
      return (await import('./extract/extract.ts')).extractFeatures(task);
    case 'spectrogram':
      return (await import('./picture-file.ts')).kept(task, await painter(task.show ?? 'level'));
  }
}

async function painter(
  show: NonNullable<SpectrogramTask['show']>,
): Promise<(task: SpectrogramTask) => SpectrogramPicture> {
  if (show === 'level') return (await import('./spectrogram.ts')).drawSpectrogram;
  const { drawPhase } = await import('./phase-picture.ts');
  return (task) => drawPhase(task, show);
}

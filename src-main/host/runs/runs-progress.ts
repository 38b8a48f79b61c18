import type { CommandContext } from '../../../src-preload/contract/command.ts';
import type { FromTrainer, TrainingProgressEvent } from '../../trainer/messages.ts';

/** What a trainer says, as progress of the command that waits for it. */
export function reportTraining(progress: CommandContext['progress']): (message: FromTrainer) => void {
  return (message) => {
    switch (message.type) {
      case 'preparing': {
        const { stage, done, total, unit, detail } = message;
        progress({
          stage,
          ...(done === undefined ? {} : { done }),
          ...(total === undefined ? {} : { total }),
          ...(unit === undefined ? {} : { unit }),
          ...(detail === undefined ? {} : { detail }),
        });
        break;
      }
      case 'note':
        progress({ stage: 'Note', detail: message.text });
        break;
      case 'progress':
        progress({
          stage: message.progress.phase === 'training' ? 'Training' : 'Validating',
          done: message.progress.step,
          total: message.progress.steps,
          unit: 'steps',
          detail: detailOf(message.progress),
        });
        break;
      case 'checkpoint':
      case 'locked':
      case 'state':
      case 'end':
        break;
    }
  };
}

function detailOf(event: TrainingProgressEvent): string {
  // A part of each stage, 'commitment/stage-1', is for the curves: a line would be nothing else.
  const losses = Object.entries(event.values)
    .filter(([name]) => !['learningRate', 'beta', 'gradientNorm'].includes(name) && !name.includes('/'))
    .map(([name, value]) => `${name} ${Number(value.toPrecision(5))}`);
  return [
    `epoch ${Math.min(event.epoch + 1, event.epochs)}/${event.epochs}`,
    ...losses,
    `${event.msPerStep.toFixed(1)} ms/step`,
    `${Math.round(event.clipsPerSec)} clips/s`,
    ...(event.etaSec === null ? [] : [`${durationText(event.etaSec)} left`]),
    `${event.tensors} tensors`,
    `${Math.round(event.rssBytes / 1e6)} MB`,
  ].join(', ');
}

function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

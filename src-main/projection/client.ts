import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { howItEnded, LastWords, startChild } from '../processes/child.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import type { AnswerTo, FromProjection, ProjectionProgress, ProjectionTask } from './protocol.ts';

export interface ProjectionOptions {
  /** The Node that runs the child; in Electron this must not be its own binary. */
  nodePath: string | undefined;
  signal: AbortSignal;
  progress?(progress: ProjectionProgress): void;
}

/**
 * Has one task done by a child process of its own, which is ended when it is done or taken back: a map of many codes
 * keeps a core busy for minutes.
 *
 * @throws ResynthError internal/cancelled; latent/projection-died with the child's last words.
 */
export async function project<Task extends ProjectionTask>(
  task: Task,
  options: ProjectionOptions,
): Promise<AnswerTo<Task>> {
  const { signal, progress } = options;
  if (signal.aborted) throw new ResynthError('internal/cancelled');
  const child = startChild({
    entry: path.join(import.meta.dirname, 'entry.ts'),
    nodePath: options.nodePath,
  });
  const lastWords = new LastWords(child.process);
  const kill = (): void => void child.process.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  try {
    return await new Promise<AnswerTo<Task>>((resolve, reject) => {
      onMessage(child.channel, (heard) => {
        const message = heard as FromProjection;
        if (message.kind === 'progress') progress?.(message.progress);
        // A child answers a task by the result of its kind, which is what the types say.
        else if (message.kind === 'done') resolve(message.result as AnswerTo<Task>);
        else reject(ResynthError.from(message.error));
      });
      const died = (how: string): void => {
        const words = lastWords.line;
        reject(
          signal.aborted
            ? new ResynthError('internal/cancelled')
            : new ResynthError('latent/projection-died', {
                how: words ? `${how}; its last words: ${words}` : how,
              }),
        );
      };
      child.process.on('error', (error) => died(error.message));
      child.process.on('close', (code, ended) => died(howItEnded(code, ended)));
      sendMessage(child.channel, task);
    });
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

import path from 'node:path';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { engineProcessEnvironment } from '../engine/process-environment.ts';
import { howItEnded, LastWords, startChild } from '../processes/child.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import type { FromClassifier, Judgement, JudgeTask } from './protocol.ts';

export interface JudgeOptions {
  /** The Node that runs the child; in Electron this must not be its own binary. */
  nodePath: string | undefined;
  signal: AbortSignal;
  progress(event: ProgressEvent): void;
}

/**
 * Has a task judged by a child process of its own, which is ended when it is done or taken back.
 *
 * @throws ResynthError internal/cancelled; samplers/judge-died with the child's last words; audio/* of a recording; engine/*.
 */
export async function judgeInChild(task: JudgeTask, options: JudgeOptions): Promise<Judgement> {
  const { signal, progress } = options;
  if (signal.aborted) throw new ResynthError('internal/cancelled');
  const child = startChild({
    entry: path.join(import.meta.dirname, 'entry.ts'),
    nodePath: options.nodePath,
    env: engineProcessEnvironment(),
  });
  const lastWords = new LastWords(child.process);
  const kill = (): void => void child.process.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  try {
    return await new Promise<Judgement>((resolve, reject) => {
      onMessage(child.channel, (heard) => {
        const message = heard as FromClassifier;
        if (message.kind === 'progress') progress(message.event);
        else if (message.kind === 'done') resolve(message.result);
        else reject(ResynthError.from(message.error));
      });
      const died = (how: string): void => {
        if (signal.aborted) reject(new ResynthError('internal/cancelled'));
        const words = lastWords.line ? `${how}; its last words: ${lastWords.line}` : how;
        reject(new ResynthError('samplers/judge-died', { how: words }));
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

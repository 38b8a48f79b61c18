import path from 'node:path';
import { shownName } from '../files/system-errors.ts';
import { ChildPool, type ChildPoolOptions } from '../processes/child-pool.ts';
import { type AnalystTask, type AnswerTo, subjectOf } from './tasks.ts';

/** The processes that decode audio and compute features. Whoever opens a pool closes it. */
export class AnalystPool {
  readonly #pool: ChildPool<AnalystTask, AnswerTo<AnalystTask>>;

  constructor(options: Partial<ChildPoolOptions> = {}) {
    this.#pool = new ChildPool({ entry: path.join(import.meta.dirname, 'entry.ts'), ...options });
  }

  /** How many tasks keep every process busy. */
  get appetite(): number {
    return this.#pool.appetite;
  }

  /**
   * @throws ResynthError the decoder's refusal of the file; analyst/crashed, when the file took its process down;
   *   analyst/start-failed; internal/cancelled after `close`.
   */
  async run<Task extends AnalystTask>(task: Task): Promise<AnswerTo<Task>> {
    // A child answers a task by the result of the function for its kind (entry.ts), which is what the types say.
    return (await this.#pool.run(task, shownName(subjectOf(task)), limitOf(task))) as AnswerTo<Task>;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** Many small files that take so long hold one that hangs its decoder: each is then tried alone. */
const manyFilesSec = 60;

/** In seconds. A single file may be hours of sound. */
function limitOf(task: AnalystTask): number | undefined {
  return (task.kind === 'inspect' || task.kind === 'prominence') && task.files.length > 1
    ? manyFilesSec
    : undefined;
}

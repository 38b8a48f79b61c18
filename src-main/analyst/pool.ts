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
    return (await this.#pool.run(task, shownName(subjectOf(task)))) as AnswerTo<Task>;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

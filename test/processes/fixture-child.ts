import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { serveTasks } from '../../src-main/processes/child-tasks.ts';

/** A child that does as it is told: the ways a decoder can go wrong. */
serveTasks((task: { act: string; value: number }) => {
  switch (task.act) {
    case 'double':
      return task.value * 2;
    case 'pid':
      return process.pid;
    case 'refuse':
      throw new ResynthError('dataset/file-empty', { file: 'x.wav' });
    case 'throw':
      throw new TypeError('unforeseen');
    case 'exit':
      process.stderr.write('last words\n');
      return process.exit(3);
    case 'abort':
      return process.abort();
    case 'hang':
      for (;;);
    default:
      return -1;
  }
});

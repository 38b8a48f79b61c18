import { serveTasks } from '../../processes/child-tasks.ts';
import { speak } from './sample-corpus-voice.ts';

/** The child process that speaks the sample corpus. */
serveTasks(speak);

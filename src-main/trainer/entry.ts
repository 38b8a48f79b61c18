import { runTrainerChild } from './child.ts';
import { engineSources } from './sources.ts';

// The trainer process, forked by src-main/host/supervisor.ts.
runTrainerChild(engineSources);

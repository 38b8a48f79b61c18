import { runTrainerChild } from './child.ts';
import { engineSources } from './sources.ts';

// The trainer process, forked by src-main/host/runs/supervisor.ts.
runTrainerChild(engineSources);

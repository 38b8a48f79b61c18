/**
 * Only the set-up, and thoroughly: tries again whatever failed before. `--reinstall` also replaces installed libraries.
 * Ends with 1 if TensorFlow cannot be had.
 */
import { bootstrap, setUpEngine } from './bootstrap.mjs';
import { ProgressLine } from './progress.mjs';

const node = await bootstrap({ engine: false });
const progress = new ProgressLine();
const ready = await setUpEngine(node, ['--retry', ...process.argv.slice(2)], progress);
progress.say(ready ? 'The engine is ready.' : 'TensorFlow is not here; Resynth uses the best engine left.');
process.exitCode = ready ? 0 : 1;

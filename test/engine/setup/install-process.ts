import { ensureInstallation } from '../../../src-main/engine/setup/install.ts';
import { readEngineLock } from '../../../src-main/engine/setup/targets.ts';

// The set-up as a process that can be killed: prints its progress and result, line by line.
const result = await ensureInstallation((event) => console.log(`progress ${event.stage}`), {
  lock: readEngineLock(process.argv[2]),
});
console.log(`result ${JSON.stringify(result)}`);

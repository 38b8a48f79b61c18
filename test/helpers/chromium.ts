import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium for the tests in a browser: $RESYNTH_CHROMIUM, the one that Playwright installed, or one on PATH; null where
 * there is none, which is said.
 */
export function chromiumExecutable(): string | null {
  const named = process.env.RESYNTH_CHROMIUM;
  if (named !== undefined) {
    if (isProgram(named)) return named;
    throw new Error(`RESYNTH_CHROMIUM is ${named}, which is not a program`);
  }
  const candidates = [
    chromium.executablePath(),
    ...(process.env.PATH ?? '')
      .split(path.delimiter)
      .flatMap((folder) => names.map((name) => path.join(folder, name))),
  ];
  const found = candidates.find((file) => file !== '' && isProgram(file));
  if (found !== undefined) return found;
  console.warn(
    'SKIPPED: no Chromium here; the tests in a browser need one. `npx playwright install chromium` brings it, RESYNTH_CHROMIUM names it.',
  );
  return null;
}

function isProgram(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // There, and not to be run: as good as absent.
    return false;
  }
}

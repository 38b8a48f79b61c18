import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cacheFolder as engineCacheFolder } from '../../src-main/engine/setup/folders.ts';

const scripts = path.resolve(import.meta.dirname, '../../scripts');
const bootstrapUrl = pathToFileURL(path.join(scripts, 'bootstrap.mjs')).href;

interface Bootstrap {
  cacheFolder: typeof engineCacheFolder;
  projectNode: () => string;
}

const { cacheFolder, projectNode } = (await import(bootstrapUrl)) as Bootstrap;

describe('the cache folder', () => {
  test.each<[NodeJS.Platform, NodeJS.ProcessEnv]>([
    ['linux', {}],
    ['linux', { XDG_CACHE_HOME: '/xdg' }],
    ['linux', { XDG_CACHE_HOME: '' }],
    ['linux', { RESYNTH_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }],
    ['darwin', {}],
    ['win32', { LOCALAPPDATA: 'C:/local' }],
    ['win32', {}],
  ])('is the same for the scripts and the engine: %s %o', (platform, env) => {
    expect(cacheFolder(env, platform)).toBe(engineCacheFolder(env, platform));
  });

  test('follows the setting, then the platform', () => {
    expect(cacheFolder({ RESYNTH_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }, 'linux')).toBe('/own');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux')).toBe('/xdg/resynth');
    expect(cacheFolder({}, 'darwin')).toMatch(/Library\/Caches\/Resynth$/);
  });
});

test("the project's Node is the one that runs these tests", () => {
  expect(projectNode()).toBe(process.execPath);
});

test('every script needs nothing but Node itself and its neighbours', () => {
  const files = readdirSync(scripts).filter((name) => name.endsWith('.mjs'));
  expect(files).toContain('start.mjs');
  for (const name of files) {
    const text = readFileSync(path.join(scripts, name), 'utf8');
    for (const [, source] of text.matchAll(/^(?:import|} from|.* from) '([^']+)'/gm)) {
      expect(source, name).toMatch(/^(node:|\.\/[a-z]+\.mjs$)/);
    }
  }
});

/** Runs a line of script with the bootstrap's functions, in a process of its own. */
function script(code: string): ReturnType<typeof spawnSync> {
  const whole = `import { run, runToEnd } from ${JSON.stringify(bootstrapUrl)};\n${code}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', whole], {
    encoding: 'utf8',
    timeout: 20_000,
  });
}

describe('a program that is run', () => {
  test('hands its exit code on', () => {
    expect(script(`await runToEnd(process.execPath, ['-e', 'process.exit(7)']);`).status).toBe(7);
    expect(script(`await runToEnd(process.execPath, ['-e', '']);`).status).toBe(0);
  });

  test('hands the signal on that ended it', () => {
    const { signal } = script(
      `await runToEnd(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")']);`,
    );
    expect(signal).toBe('SIGKILL');
  });

  test('is sent the signals that we are sent', () => {
    const child = `process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); process.stdout.write('up')`;
    const { status } = script(`
      import { spawn } from 'node:child_process';
      setTimeout(() => process.kill(process.pid, 'SIGTERM'), 1000);
      await runToEnd(process.execPath, ['-e', ${JSON.stringify(child)}]);`);
    expect(status).toBe(9);
  });
});

describe('npm test', () => {
  test('ends with the counts on a line of their own, and its exit code is that of the tests', () => {
    const run = (...args: string[]) => {
      const result = spawnSync(process.execPath, [path.join(scripts, 'test.mjs'), ...args], {
        encoding: 'utf8',
      });
      return { status: result.status, lastLine: result.stdout.trimEnd().split('\n').at(-1) };
    };
    const passing = run('passing.fixture', '--config', 'test/scripts/fixtures/vitest.config.ts');
    expect(passing).toEqual({ status: 0, lastLine: '1 passed, 0 failed, 1 skipped' });
    const failing = run('--config', 'test/scripts/fixtures/vitest.config.ts');
    // One test that fails, and one file that cannot be loaded.
    expect(failing).toEqual({ status: 1, lastLine: '1 passed, 2 failed, 1 skipped' });
  });
});

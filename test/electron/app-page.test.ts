import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Protocol } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { isPageAddress, servePage } from '../../src-main/electron/app-page.ts';
import { PageFiles } from '../../src-main/web/page-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let get: (url: string, init?: RequestInit) => Promise<Response>;

beforeEach(async () => {
  const folder = await temporaryFolder();
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(path.join(folder, 'assets', 'index-CG8OtCQ7.js'), 'console.log(1)');
  const protocol: Pick<Protocol, 'handle'> = {
    handle: (scheme, handler) => {
      expect(scheme).toBe('app');
      get = async (url, init) => handler({ url, method: 'GET', headers: new Headers(), ...init } as Request);
    },
  };
  servePage(protocol, new PageFiles(folder));
});

describe('the page of the window', () => {
  test('has the policy of the page in a browser, and no address to connect to', async () => {
    const response = await get('app://resynth/index.html');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    const policy = String(response.headers.get('content-security-policy'));
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`script-src 'self';`);
    expect(policy).toContain(`connect-src 'self';`);
  });

  test('comes with its scripts', async () => {
    const response = await get('app://resynth/assets/index-CG8OtCQ7.js');
    expect(response.headers.get('content-type')).toContain('text/javascript');
    expect(await response.text()).toBe('console.log(1)');
  });

  test.each(['app://stranger/index.html', 'app://resynth:80/index.html', 'file:///etc/passwd'])(
    'is nothing else: %s',
    async (url) => expect((await get(url)).status).toBe(403),
  );

  test('takes nothing', async () => {
    expect((await get('app://resynth/index.html', { method: 'POST' })).status).toBe(403);
  });

  test.each(['app://resynth/../../etc/passwd', 'app://resynth/%2e%2e/%2e%2e/etc/passwd', 'app://resynth/x'])(
    'has no way out of itself: %s',
    async (url) => expect((await get(url)).status).toBe(404),
  );
});

test.each(['https://resynth/', 'app://resynth.evil/', 'app:resynth', 'blob:app://resynth/1', '', 'x'])(
  '%j is not its address',
  (url) => expect(isPageAddress(url)).toBe(false),
);

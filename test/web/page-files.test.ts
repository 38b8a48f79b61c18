import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { PageFiles } from '../../src-main/web/page-files.ts';
import { noncePlaceholder } from '../../src-main/web/page-security.ts';
import { refusal } from '../helpers/refusal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const script = '/assets/index-CG8OtCQ7.js';
let folder: string;
let page: PageFiles;

beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'renderer');
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), `<meta property="csp-nonce" nonce="${noncePlaceholder}">`);
  writeFileSync(path.join(folder, script), 'console.log(1)');
  writeFileSync(path.join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(path.join(folder, 'notes.secret'), 'of a type that no page has');
  writeFileSync(path.join(folder, '..', 'outside.js'), 'not of the page');
  page = new PageFiles(folder);
});

describe('the page itself', () => {
  test('comes with a strict policy, and is not kept', () => {
    const { status, headers } = page.answer({ path: '/' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    const policy = String(headers['Content-Security-Policy']);
    const directives = Object.fromEntries(
      policy.split('; ').map((part) => [part.split(' ', 1)[0], part.slice(part.indexOf(' ') + 1)]),
    );
    expect(directives).toMatchObject({
      'default-src': `'none'`,
      'script-src': `'self'`,
      'connect-src': `'self'`,
      'img-src': `'self' blob: data:`,
      'media-src': 'blob:',
      'worker-src': `'self' blob:`,
      'frame-ancestors': `'none'`,
      'base-uri': `'none'`,
      'form-action': `'none'`,
    });
    expect(directives['style-src']).not.toContain('unsafe');
    expect(policy).not.toContain('unsafe-eval');
  });

  test('has a nonce of its own in every answer, the same in the policy and in the text', () => {
    const nonces = [1, 2].map(() => {
      const { headers, body } = page.answer({ path: '/index.html' });
      const nonce = /'nonce-([^']+)'/.exec(String(headers['Content-Security-Policy']))?.[1];
      expect(String(body)).toBe(`<meta property="csp-nonce" nonce="${nonce}">`);
      return nonce;
    });
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

describe('what belongs to the page', () => {
  test('is kept for good where its name has a hash, and asked for again where not', () => {
    expect(page.answer({ path: script }).headers).toMatchObject({
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'private, max-age=31536000, immutable',
    });
    expect(page.answer({ path: '/icon.svg' }).headers).toMatchObject({
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'private, no-cache',
    });
  });

  test('is not sent again to who has it', () => {
    const tag = String(page.answer({ path: '/icon.svg' }).headers.ETag);
    expect(page.answer({ path: '/icon.svg', knownTag: `"other", ${tag}` })).toMatchObject({ status: 304 });
    expect(page.answer({ path: '/icon.svg', knownTag: '"other"' }).body.toString()).toBe('<svg/>');
  });

  test('travels compressed to who can read that', () => {
    const { headers, body } = page.answer({ path: script, acceptsGzip: true });
    expect(headers).toMatchObject({ 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' });
    expect(String(gunzipSync(body))).toBe('console.log(1)');
    expect(String(page.answer({ path: script }).body)).toBe('console.log(1)');
  });

  test('is that of the start, whatever is built meanwhile', () => {
    writeFileSync(path.join(folder, script), 'console.log(2)');
    expect(String(page.answer({ path: script }).body)).toBe('console.log(1)');
  });
});

test.each([
  '/../outside.js',
  '/..%2foutside.js',
  '/%2e%2e/outside.js',
  '/assets/../../outside.js',
  '/assets/..\\..\\outside.js',
  '//etc/passwd',
  '/etc/passwd',
  '/notes.secret',
  '/assets',
  '/assets/',
  '',
  '/index.html\0.js',
  '/constructor',
  '/__proto__',
])('%j is not part of it', (name) => {
  const { status, headers } = page.answer({ path: name });
  expect(status).toBe(404);
  expect(headers['X-Content-Type-Options']).toBe('nosniff');
});

test.each(['nothing', 'empty'])('a page that is not built is refused with what to do: %s', async (kind) => {
  const place = path.join(await temporaryFolder(), 'page');
  if (kind === 'empty') mkdirSync(place);
  const error = refusal(() => new PageFiles(place));
  expect(error.code).toBe('web/page-not-built');
  expect(error.message).toContain(place);
});

import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mediaClear, mediaLimit, mediaShow } from '../../../src-preload/contract/commands/media.ts';
import { clearMedia, mediaContent, trimMedia } from '../../../src-main/host/media/media-folder.ts';
import {
  handleMediaClear,
  handleMediaLimit,
  handleMediaShow,
} from '../../../src-main/host/media/media-limit.ts';
import { temporaryNameFor } from '../../../src-main/files/temporaries.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { contextOf, openTestHost } from '../open-test-host.ts';

const nowMs = Date.UTC(2026, 0, 2);

/** A file of so many bytes that was used so many minutes ago. */
function put(folder: string, name: string, bytes: number, minutesAgo: number): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, new Uint8Array(bytes));
  const used = new Date(nowMs - minutesAgo * 60_000);
  utimesSync(file, used, used);
  return file;
}

test('what was not used for longest goes first, and nothing where there is room', async () => {
  const folder = await temporaryFolder();
  const old = put(folder, 'outlines/aa/old.outline', 400, 500);
  const middle = put(folder, 'middle.f32', 400, 100);
  const late = put(folder, 'late.f32', 400, 10);
  expect(await trimMedia(folder, 1200, nowMs)).toEqual({ files: 0, bytes: 0 });
  expect(await trimMedia(folder, 1000, nowMs)).toEqual({ files: 1, bytes: 400 });
  expect([old, middle, late].map((file) => existsSync(file))).toEqual([false, true, true]);
  expect(await mediaContent(folder)).toEqual({ files: 2, bytes: 800 });
});

test('what was written just now and what is being written stays', async () => {
  const folder = await temporaryFolder();
  put(folder, 'new.f32', 100, 1);
  const writing = path.basename(temporaryNameFor(path.join(folder, 'other.f32')));
  put(folder, writing, 100, 500);
  expect(await trimMedia(folder, 0, nowMs)).toEqual({ files: 0, bytes: 0 });
  expect(await clearMedia(folder)).toEqual({ files: 1, bytes: 100 });
  expect(await readdir(folder)).toEqual([writing]);
  expect(await mediaContent(path.join(folder, 'not-there'))).toEqual({ files: 0, bytes: 0 });
});

test('afterwards no more is there than may be, and what stayed is newer than what went', async () => {
  const sizes = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 50 }), minutesAgo: fc.integer({ min: 3, max: 9999 }) }),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 0, max: 200 }), async (list, most) => {
      const folder = await temporaryFolder();
      const files = list.map(({ bytes, minutesAgo }, at) => ({
        minutesAgo,
        file: put(folder, `${at}`, bytes, minutesAgo),
      }));
      await trimMedia(folder, most, nowMs);
      expect((await mediaContent(folder)).bytes).toBeLessThanOrEqual(most);
      const [stayed, gone] = [true, false].map((there) =>
        files.filter(({ file }) => existsSync(file) === there),
      );
      const oldestStayed = Math.max(0, ...(stayed ?? []).map(({ minutesAgo }) => minutesAgo));
      expect((gone ?? []).every(({ minutesAgo }) => minutesAgo >= oldestStayed)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('the commands tell, limit and clear', async () => {
  const host = await openTestHost(await temporaryFolder());
  const context = contextOf(host);
  put(host.home.media, 'a.f32', 1000, 60);
  expect(mediaShow.output.parse(await handleMediaShow({}, context))).toMatchObject({
    files: 1,
    bytes: 1000,
    limitGb: 3,
  });
  expect(mediaLimit.output.parse(await handleMediaLimit({ gb: 0.0000005 }, context))).toMatchObject({
    files: 0,
    removedBytes: 1000,
  });
  expect(await handleMediaShow({}, context)).toMatchObject({ limitGb: 0.0000005 });
  put(host.home.media, 'b.f32', 10, 0);
  expect(mediaClear.output.parse(await handleMediaClear({}, context))).toMatchObject({
    files: 0,
    removedFiles: 1,
  });
});

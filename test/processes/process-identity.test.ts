import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import {
  isMarkedByLiving,
  isSameProcess,
  processMark,
  processStart,
} from '../../src-main/processes/process-identity.ts';

/** A number that no process has: above the kernel's highest. */
const nobody = 0x7ffffff0;

it('knows this process, and none by a number that nobody has', () => {
  expect(isSameProcess(process.pid, processStart(process.pid))).toBe(true);
  expect(isSameProcess(process.pid, null)).toBe(true);
  expect(processStart(nobody)).toBeNull();
  expect(isSameProcess(nobody, null)).toBe(false);
  expect(isSameProcess(nobody, 'boot:1')).toBe(false);
});

it.skipIf(process.platform === 'win32')('tells a process from a later one with its number', () => {
  expect(isSameProcess(process.pid, 'another boot:1')).toBe(false);
  const [pid] = processMark().split('-');
  expect(isMarkedByLiving(`${pid}-00000000-123`)).toBe(false);
});

it('marks names as those of a process for as long as it lives', async () => {
  expect(isMarkedByLiving(`${processMark()}-123`)).toBe(true);
  expect(isMarkedByLiving('something else')).toBe(false);
  expect(isMarkedByLiving('0-00000000-123')).toBe(false);
  const module = new URL('../../src-main/processes/process-identity.ts', import.meta.url).href;
  const script = `import { processMark } from ${JSON.stringify(module)}; console.log(processMark());`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script]);
  let mark = '';
  child.stdout.on('data', (text: Buffer) => (mark += text.toString()));
  await once(child, 'close');
  expect(mark.trim()).toMatch(new RegExp(`^${child.pid}-\\w+$`));
  expect(isMarkedByLiving(`${mark.trim()}-123`)).toBe(false);
});

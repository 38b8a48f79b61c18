import { expect, test } from 'vitest';
import { pipReason } from '../../../src-main/engine/setup/download.ts';

test('a connection that failed is the reason, not the line that pip ends with', () => {
  const refused = `WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<urllib3.X object at 0x7>:
Failed to establish a new connection: [Errno 111] Connection refused')': /simple/tensorflow-cpu/
ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.18.1 (from versions: none)
ERROR: No matching distribution found for tensorflow-cpu==2.18.1`;
  expect(pipReason(refused)).toBe('[Errno 111] Connection refused');
  expect(pipReason('x\nERROR: HTTP error 1\n403 Client Error: Forbidden for url: there\n')).toBe(
    '403 Client Error: Forbidden for url: there',
  );
});

test('otherwise the last line that says something', () => {
  expect(pipReason('ERROR: first\nERROR: no such option: --abi\n\n[notice] A new release of pip\n')).toBe(
    'ERROR: no such option: --abi',
  );
  expect(pipReason('')).toBe('it said nothing');
});

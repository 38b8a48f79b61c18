import { describe, expect, test } from 'vitest';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { errorDetails, isCancelled, shownError } from '../../../src-renderer/state/shown-error.ts';

describe('what is shown of a failure', () => {
  test('an error of the contract: its own words', () => {
    const error = new ResynthError('dataset/folder-missing', { folder: '/data/x' });
    expect(shownError(error)).toMatchObject({ code: 'dataset/folder-missing', remedy: error.remedy });
    expect(shownError(error).message).toContain('/data/x');
    expect(errorDetails(error)).toContain('"folder": "/data/x"');
  });

  test('the error of a job, which is plain data', () => {
    const error = { code: 'files/disk-full', message: 'The disk is full.', remedy: 'Make room.' };
    expect(shownError(error)).toBe(error);
    expect(errorDetails(error)).toMatch(/^files\/disk-full: The disk is full\.\nMake room\./);
  });

  test('anything else is unexpected, and says what it was', () => {
    const shown = shownError(new TypeError('x is not a function'));
    expect(shown.code).toBe('internal/unexpected');
    expect(shown.message).toContain('x is not a function');
  });

  test('what was cancelled is no failure', () => {
    expect(isCancelled(new ResynthError('internal/cancelled'))).toBe(true);
    expect(isCancelled(new DOMException('', 'AbortError'))).toBe(true);
    expect(isCancelled(new ResynthError('web/no-answer'))).toBe(false);
    expect(isCancelled(undefined)).toBe(false);
  });
});

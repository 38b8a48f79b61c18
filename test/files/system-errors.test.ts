import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asWriteError, errorCode, shownName, systemDetail } from '../../src-main/files/system-errors.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: as the system says it, open '/f'`), { code });
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('Nothing was thrown.');
}

describe('asWriteError', () => {
  it.each(['EACCES', 'EROFS', 'EPERM', 'ENOENT', 'EIO'])(
    'says that a place cannot be written (%s)',
    (code) => {
      expect(asWriteError(failure(code), '/f')).toMatchObject({
        code: 'files/not-writable',
        message: `/f could not be written: ${code}: as the system says it.`,
      });
    },
  );

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('tells a want of room from the rest (%s)', (code) => {
    expect(asWriteError(failure(code), '/f')).toMatchObject({ code: 'files/disk-full' });
  });

  it('leaves refusals and mistakes of ours as they are', () => {
    const wrongCall = thrownBy(() => readFileSync({} as string));
    expect(errorCode(wrongCall)).toBe('ERR_INVALID_ARG_TYPE');
    for (const thrown of [wrongCall, new ResynthError('internal/cancelled'), new TypeError('x'), 'text']) {
      expect(asWriteError(thrown, '/f')).toBe(thrown);
    }
  });
});

describe('errorCode and systemDetail', () => {
  it('read what Node throws', () => {
    const thrown = thrownBy(() => readFileSync("/no/such, file 'x'"));
    expect(errorCode(thrown)).toBe('ENOENT');
    expect(systemDetail(thrown)).toBe('ENOENT: no such file or directory');
  });

  it('have nothing to say of a code that is not one', () => {
    expect(errorCode(Object.assign(new Error('x'), { code: 7 }))).toBeUndefined();
    expect(errorCode({ code: 'ENOENT' })).toBeUndefined();
    expect(systemDetail('text')).toBe('text');
  });
});

describe('shownName', () => {
  it('keeps a name on one line and otherwise as it is', () => {
    expect(shownName('a\nb\u001b[2J\u202e"é🎵.wav')).toBe('a\\nb\\u001b[2J\\u202e"é🎵.wav');
  });
});

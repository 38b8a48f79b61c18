import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';

/** The `code` of an error of Node or of the system ('ENOENT'); undefined for anything else. */
export function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** What the system says about a failed call, without the path that Node appends: 'EACCES: permission denied'. */
export function systemDetail(thrown: unknown): string {
  return messageOf(thrown).replace(/, \w+( '.*)?$/s, '');
}

/** A path on one line, as messages show it: quotes and emoji as they are, control characters escaped. */
export function shownName(file: string): string {
  return file.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) =>
    JSON.stringify(character).length > 3
      ? JSON.stringify(character).slice(1, -1)
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether a write failed for want of room: on the disk, in the user's quota, or under a limit on a file's size. */
export function isOutOfRoom(thrown: unknown): boolean {
  const code = errorCode(thrown);
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}

/**
 * A failure to write `file` as the user meets it: `files/disk-full` or `files/not-writable`. What the system did not say
 * (a mistake of ours, a refusal that is a ResynthError already) stays as it is.
 */
export function asWriteError(thrown: unknown, file: string): unknown {
  if (thrown instanceof ResynthError || !isSystemCode(errorCode(thrown))) return thrown;
  if (isOutOfRoom(thrown)) {
    return new ResynthError('files/disk-full', { file: shownName(file) }, { cause: thrown });
  }
  const detail = systemDetail(thrown);
  return new ResynthError('files/not-writable', { file: shownName(file), detail }, { cause: thrown });
}

/** 'ENOENT', 'EIO': the system's own. Node's ('ERR_INVALID_ARG_TYPE') tell of wrong calls. */
function isSystemCode(code: string | undefined): boolean {
  return code !== undefined && /^E[A-Z0-9]+$/.test(code);
}

import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';

/**
 * Does what may refuse a file, and has the refusal call it by the name that the user knows: what was uploaded lies under
 * another one here.
 */
export function calling<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    const error = asResynthError(thrown);
    if (!('file' in error.params)) throw thrown;
    throw new ResynthError(error.code, { ...error.params, file: name }, { cause: thrown });
  }
}

import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/** The error that a call is refused with, to look at its code, message and remedy; any other outcome fails the test. */
export function refusal(call: () => unknown): ResynthError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof ResynthError) return thrown;
    throw thrown;
  }
  throw new Error('There was no refusal.');
}

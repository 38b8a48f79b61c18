import { z } from 'zod';

// Schemas of what JSON has no word for. The codec carries these as they are.

/** Asks for the type by its tag, not by `instanceof`: an array of another realm (a frame, a test's page) is as good. */
function tagged<Value extends object>(tag: string) {
  return z
    .custom<Value>((value) => Object.prototype.toString.call(value) === `[object ${tag}]`, {
      error: `it must be a ${tag}`,
    })
    .meta({ binary: tag });
}

export const float32Array = () => tagged<Float32Array>('Float32Array');
export const float64Array = () => tagged<Float64Array>('Float64Array');
export const int32Array = () => tagged<Int32Array>('Int32Array');
export const uint8Array = () => tagged<Uint8Array>('Uint8Array');

/** Any number, also NaN and the infinities, which `z.number()` refuses: losses that diverged, levels of silence. */
export const anyNumber = () =>
  z
    .custom<number>((value) => typeof value === 'number', { error: 'it must be a number' })
    .meta({
      binary: 'number',
    });

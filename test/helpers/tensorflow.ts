import type { TensorFlowBackend } from '../../src-main/engine/backends/tensorflow.ts';
import { openBackend } from '../../src-main/engine/backends/open.ts';

/** TensorFlow on two CPU threads, or null (said loudly) where set-up could not bring it. */
export async function openTensorFlow(): Promise<TensorFlowBackend | null> {
  try {
    const opened = await openBackend({ backend: 'tensorflow', device: 'cpu', threads: 2 });
    return opened.tensorflow;
  } catch (error) {
    console.warn(`SKIPPED: TensorFlow is not here; the tests of compiled programs need it. ${String(error)}`);
    return null;
  }
}

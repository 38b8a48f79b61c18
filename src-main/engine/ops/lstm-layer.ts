import * as tf from '@tensorflow/tfjs-core';
import { currentTensorFlow } from '../backends/current.ts';
import type { OpAttribute, TensorFlowBackend } from '../backends/tensorflow.ts';
import { scan, type ScanResult } from '../scan.ts';
import { lstmStepGradient } from './lstm-kernel.ts';
import { lstmCell, type LstmWeights } from './lstm.ts';

const lstmLayerKernel = 'LstmLayer';

/**
 * An LSTM layer over sequences that are known: `xs` `[time, batch, inputs]`, `init` `[h, c]`, each `[batch, units]`. As
 * `scan(lstmCell(weights), init, [xs])`, but that no gradient flows through the c that it gives. On TensorFlow the forward pass is one op
 * (BlockLSTM) and the gradient three a frame: BlockLSTMGrad multiplies at a third of the speed.
 */
export function lstmLayer(weights: LstmWeights, init: tf.Tensor[], xs: tf.Tensor): ScanResult {
  if (!currentTensorFlow()) return scan(lstmCell(weights), init, [xs]);
  const [h, c] = init as [tf.Tensor, tf.Tensor];
  const inputs = { xs, h, c, ...weights };
  const [hs, cs] = tf.engine().runKernel(lstmLayerKernel, inputs) as [tf.Tensor, tf.Tensor];
  const last = (values: tf.Tensor): tf.Tensor =>
    tf.squeeze(tf.slice(values, [values.shape[0]! - 1, 0, 0], [1, -1, -1]), [0]);
  return { carry: [last(hs), last(cs)], ys: [hs] };
}

/** Makes an LSTM layer one operation to tfjs's tape. */
export function registerLstmLayer(backend: TensorFlowBackend): void {
  const gradientOfStep = lstmStepGradient(backend);
  tf.registerKernel({
    kernelName: lstmLayerKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs }) => tf.tidy(() => forward(backend, inputs as Record<string, tf.Tensor>)),
  });
  tf.registerGradient({
    kernelName: lstmLayerKernel,
    inputsToSave: ['xs', 'h', 'c', 'kernel', 'recurrentKernel'],
    outputsToSave: Array.from({ length: 7 }, () => true),
    gradFunc: (dy, saved) => {
      const [xs, h, c, kernel, recurrentKernel, hs, ...states] = saved as tf.Tensor[];
      const [time, batch, inputs] = xs!.shape as [number, number, number];
      const units = c!.shape[1]!;
      const [cs, ...others] = states.map((values) => tf.unstack(values));
      const dys = tf.unstack((dy as tf.Tensor[])[0]!);
      const gates: tf.Tensor[] = [];
      let dh: tf.Tensor | null = null;
      let dc: tf.Tensor = tf.zerosLike(c!);
      for (let frame = time - 1; frame >= 0; frame--) {
        const [input, forget, output, candidate, squashed] = others.map((values) => values[frame]!);
        const given: tf.Tensor = dh ? tf.add(dys[frame]!, dh) : dys[frame]!;
        const before = frame > 0 ? cs![frame - 1]! : c!;
        const step = { c: before, nextC: cs![frame]!, input, forget, output, candidate, squashed };
        const [dcBefore, dGates] = gradientOfStep(step as Parameters<typeof gradientOfStep>[0], given, dc);
        gates.unshift(dGates);
        dc = dcBefore;
        dh = tf.matMul(dGates as tf.Tensor2D, recurrentKernel as tf.Tensor2D, false, true);
      }
      const dGates = tf.reshape(tf.stack(gates), [time * batch, 4 * units]) as tf.Tensor2D;
      const flat = (values: tf.Tensor): tf.Tensor2D => tf.reshape(values, [time * batch, -1]);
      const hsBefore = (): tf.Tensor =>
        tf.concat([tf.expandDims(h!, 0), tf.slice(hs!, [0, 0, 0], [time - 1, -1, -1])], 0);
      return {
        xs: () => tf.reshape(tf.matMul(dGates, kernel as tf.Tensor2D, false, true), [time, batch, inputs]),
        h: () => dh!,
        c: () => dc,
        kernel: () => tf.matMul(flat(xs!), dGates, true),
        recurrentKernel: () => tf.matMul(flat(hsBefore()), dGates, true),
        bias: () => tf.sum(dGates, 0),
      };
    },
  });
}

/** `[h, c, input, forget, output, candidate, tanh of c]` of all frames, each `[time, batch, units]`. */
function forward(backend: TensorFlowBackend, inputs: Record<string, tf.Tensor>): tf.Tensor[] {
  const { binding } = backend;
  const { xs, h, c, kernel, recurrentKernel, bias } = inputs as Record<string, tf.Tensor2D>;
  const type = (name: string, value: unknown): OpAttribute => ({
    name,
    type: binding.TF_ATTR_TYPE as number,
    value,
  });
  const number = (name: string, value: number): OpAttribute => ({
    name,
    type: binding.TF_ATTR_FLOAT as number,
    value,
  });
  const weights = tf.concat([kernel!, recurrentKernel!], 0);
  const peephole = tf.fill([c!.shape[1]], 0);
  // The number of frames has a type that tfjs knows no tensors of, so it stays below tfjs.
  const toInt64 = [
    type('SrcT', binding.TF_INT32),
    type('DstT', binding.TF_INT64),
    { name: 'Truncate', type: binding.TF_ATTR_BOOL as number, value: false },
  ];
  const frames = backend.getInputTensorIds([tf.scalar(xs!.shape[0], 'int32')]);
  const [length] = binding.executeOp('Cast', toInt64, frames, 1);
  const attributes = [
    ...[type('T', binding.TF_FLOAT), number('forget_bias', 0), number('cell_clip', -1)],
    { name: 'use_peephole', type: binding.TF_ATTR_BOOL as number, value: false },
  ];
  const operands = [xs!, c!, h!, weights, peephole, peephole, peephole, bias!];
  const ids = [length!.id, ...backend.getInputTensorIds(operands)];
  const outputs = binding.executeOp('BlockLSTM', attributes, ids, 7);
  binding.deleteTensor(length!.id);
  const [input, cs, forget, output, candidate, squashed, hs] = outputs.map((metadata) =>
    backend.createOutputTensor(metadata),
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  return [hs, cs, input, forget, output, candidate, squashed];
}

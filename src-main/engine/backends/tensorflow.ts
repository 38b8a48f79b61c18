import { createRequire } from 'node:module';
import * as nodeUtil from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { registerFastGradients } from '../gradients.ts';
import { registerLstmStep } from '../ops/lstm-kernel.ts';
import { registerLstmLayer } from '../ops/lstm-layer.ts';

const require = createRequire(import.meta.url);

/** An attribute of a TensorFlow op as the binding takes it. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** The native binding of tfjs-node-gpu: the few calls that the engine makes itself. */
export interface TensorFlowBinding {
  TF_Version: string;
  createTensor(shape: number[], dtype: number, data: ArrayBufferView | unknown[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(name: string, attributes: OpAttribute[], inputIds: number[], outputs: number): TensorMetadata[];
  loadSavedModel(folder: string, tags: string[]): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputIds: number[], inputNames: string, outputNames: string): TensorMetadata[];
  isUsingGpuDevice(): boolean;
  [constant: string]: unknown;
}

interface TensorData {
  id: number;
  shape: number[];
  dtype: number;
  values: ArrayBufferView | null;
  refCount: number;
}

/** tfjs-node's backend: the members that the engine relies on. */
export interface TensorFlowBackend extends tf.KernelBackend {
  binding: TensorFlowBinding;
  tensorMap: { get(dataId: object): TensorData; has(dataId: object): boolean };
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/**
 * Loads the binding at `bindingPath` (linked against TensorFlow's libraries) and registers tfjs-node's backend under the
 * name 'tensorflow'. Environment that TensorFlow reads (threads, determinism, devices) must be set before.
 */
export function loadTensorFlow(bindingPath: string): TensorFlowBackend {
  // Node 23 removed two helpers that tfjs-node still calls.
  const legacy = require('node:util') as Record<string, unknown>;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray = Array.isArray;
  void nodeUtil;

  const nativeModule: { exports: unknown } = { exports: {} };
  process.dlopen(nativeModule as NodeJS.Module, bindingPath);
  const binding = nativeModule.exports as TensorFlowBinding;
  const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend') as {
    NodeJSKernelBackend: new (binding: TensorFlowBinding, packageName: string) => TensorFlowBackend;
  };
  const backend = new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu');
  tf.registerBackend('tensorflow', () => backend, 3);
  tf.setBackend('tensorflow');
  require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
  registerFastGradients(backend);
  registerLstmStep(backend);
  registerLstmLayer(backend);
  return backend;
}

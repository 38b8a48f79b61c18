import { isDeepStrictEqual } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { TensorFlowBackend } from '../backends/tensorflow.ts';
import { tensorFlowNoise } from '../noise.ts';
import type { EntryPoint } from '../program.ts';
import type { StateEntry, StateRegistry } from '../state.ts';
import { batchSums, reachable } from './batch-sums.ts';
import { type GraphNode, type NodeOutput } from './graph.ts';
import { withoutFrozenRandomness } from './guards.ts';
import { Recorder } from './recorder.ts';
import { sharedTransposes } from './shared-transposes.ts';
import type { OutputMetadata } from './shape-rules.ts';
import { ResourceUpdates, withResourceUpdates } from './resource-updates.ts';

/** One entry point as graph nodes, with the names to feed and to fetch. */
export interface CapturedEntry {
  nodes: GraphNode[];
  /** Feed name to placeholder name; noise seed and step are among them. */
  placeholders: Map<string, string>;
  /** Output name to node name. The first fetch also waits for every assignment. */
  fetches: Map<string, string>;
}

/** Names of the two feeds that every entry point has beside its own. */
export const noiseFeeds = { seed: 'noise/seed', step: 'noise/step' } as const;

export interface CaptureContext {
  backend: TensorFlowBackend;
  state: StateRegistry;
  /** VarHandleOp of each registered variable, shared by all entry points. */
  handles: ReadonlyMap<string, GraphNode>;
  shapeCache: Map<string, OutputMetadata[]>;
}

/**
 * Captures an entry point twice and compares: a difference means that something the graph would freeze (a counter, a
 * clock, a random number) decides what is computed.
 */
export function captureEntry(name: string, entry: EntryPoint, context: CaptureContext): CapturedEntry {
  const first = captureOnce(name, entry, context);
  const second = captureOnce(name, entry, context);
  if (first.nodes.length !== second.nodes.length) {
    throw new ResynthError('engine/capture-unstable', {
      entry: name,
      where: `${first.nodes.length} operations, then ${second.nodes.length}`,
    });
  }
  const different = first.nodes.findIndex((node, index) => !sameNode(node, second.nodes[index]));
  const where = first.nodes[different];
  if (where) throw new ResynthError('engine/capture-unstable', { entry: name, where: where.name });
  const fetched = new Set(first.fetches.values());
  const roots = first.nodes.filter((node) => fetched.has(node.name) || node.op === 'Placeholder');
  return { ...first, nodes: reachable(sharedTransposes(batchSums(reachable(first.nodes, roots))), roots) };
}

function sameNode(first: GraphNode, second: GraphNode | undefined): boolean {
  return (
    first.op === second?.op &&
    first.name === second.name &&
    first.inputs.length === second.inputs.length &&
    first.inputs.every((input, index) => {
      const other = second.inputs[index];
      return input.index === other?.index && input.node.name === other.node.name;
    }) &&
    isDeepStrictEqual(first.attributes, second.attributes)
  );
}

function captureOnce(name: string, entry: EntryPoint, context: CaptureContext): CapturedEntry {
  const { backend, state } = context;
  const real = backend.binding;
  const recorder = new Recorder({ binding: real, entry: name, shapeCache: context.shapeCache });
  const entries = state.entries();
  // tfjs uploads values lazily; do it now, so that each variable has a real tensor for the recorder to recognise.
  backend.getInputTensorIds(entries.map(({ variable }) => variable));
  const before = entries.map(({ variable }) => tf.clone(variable));
  const updates = new ResourceUpdates(recorder, context.handles);
  const placeholders = new Map<string, string>();
  const fetches = new Map<string, string>();
  backend.binding = recorder.asBinding();
  try {
    const reads = entries.map((stateEntry) => readVariable(recorder, backend, stateEntry, context.handles));
    withoutFrozenRandomness(backend, name, () =>
      withResourceUpdates(updates, () =>
        tf.tidy(() => {
          const placeholder = (feed: string, shape: number[], dtype: 'float32' | 'int32'): tf.Tensor => {
            const type = dtype === 'int32' ? (real.TF_INT32 as number) : (real.TF_FLOAT as number);
            const node = recorder.addNode('Placeholder', `feed/${feed}`, [], {
              dtype: { kind: 'type', value: type },
              shape: { kind: 'shape', value: shape },
            });
            placeholders.set(feed, node.name);
            return backend.createOutputTensor(recorder.bind({ node, index: 0 }, shape, type));
          };
          const seed = placeholder(noiseFeeds.seed, [], 'int32');
          const step = placeholder(noiseFeeds.step, [], 'int32');
          const inputs: Record<string, tf.Tensor> = {};
          for (const [feed, spec] of Object.entries(entry.feeds)) {
            inputs[feed] = placeholder(feed, spec.shape, spec.dtype ?? 'float32');
          }
          const outputs = entry.run(inputs, tensorFlowNoise(backend, seed, step));
          const sources = Object.entries(outputs).map(([output, tensor]) => ({
            output,
            dtype: tensor.dtype === 'int32' ? (real.TF_INT32 as number) : (real.TF_FLOAT as number),
            source: sourceOf(recorder, backend, tensor),
          }));
          const assigned = entries.flatMap((stateEntry, index) => {
            if (stateEntry.variable.dataId === before[index]?.dataId) return [];
            return [
              assign(recorder, stateEntry, sourceOf(recorder, backend, stateEntry.variable), context, reads),
            ];
          });
          const writes = [...assigned, ...updates.nodes(reads)];
          for (const [index, { output, source, dtype }] of sources.entries()) {
            const fetch = recorder.addNode(
              'Identity',
              `fetch/${output}`,
              [source],
              { T: { kind: 'type', value: dtype } },
              index === 0 ? writes : [],
            );
            fetches.set(output, fetch.name);
          }
        }),
      ),
    );
  } finally {
    // Before the real binding returns: it knows nothing of the recorded tensors that are disposed of here.
    for (const [index, { variable }] of entries.entries()) {
      const original = before[index];
      if (original && variable.dataId !== original.dataId) variable.assign(original);
    }
    backend.binding = real;
    tf.dispose(before);
  }
  return { nodes: recorder.nodes, placeholders, fetches };
}

function readVariable(
  recorder: Recorder,
  backend: TensorFlowBackend,
  { name, variable }: StateEntry,
  handles: ReadonlyMap<string, GraphNode>,
): GraphNode {
  const handle = handles.get(name);
  if (!handle) throw new ResynthError('engine/state-mismatch', { name, expected: 'a handle', given: 'none' });
  const { id, dtype } = backend.tensorMap.get(variable.dataId);
  const node = recorder.addNode('ReadVariableOp', `read/${name}`, [{ node: handle, index: 0 }], {
    dtype: { kind: 'type', value: dtype },
  });
  recorder.bindExisting(id, { node, index: 0 }, variable.shape, dtype);
  return node;
}

function sourceOf(recorder: Recorder, backend: TensorFlowBackend, tensor: tf.Tensor): NodeOutput {
  const [id] = backend.getInputTensorIds([tensor]);
  return recorder.sourceOf(id ?? -1);
}

/** Assignments wait for every read, so that all of a step's reads see the state before it. */
function assign(
  recorder: Recorder,
  { name, variable }: StateEntry,
  value: NodeOutput,
  { backend, handles }: CaptureContext,
  reads: GraphNode[],
): GraphNode {
  const handle = handles.get(name);
  if (!handle) throw new ResynthError('engine/state-mismatch', { name, expected: 'a handle', given: 'none' });
  const type = variable.dtype === 'int32' ? backend.binding.TF_INT32 : backend.binding.TF_FLOAT;
  return recorder.addNode(
    'AssignVariableOp',
    `assign/${name}`,
    [{ node: handle, index: 0 }, value],
    { dtype: { kind: 'type', value: type as number }, validate_shape: { kind: 'bool', value: false } },
    reads,
  );
}

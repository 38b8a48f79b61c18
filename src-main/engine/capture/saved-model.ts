import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import protobuf from 'protobufjs';
import { type AttributeValue, type GraphNode, outputName } from './graph.ts';

/**
 * The part of TensorFlow's protocol that a graph of recorded nodes needs (saved_model.proto, meta_graph.proto,
 * graph.proto, node_def.proto, attr_value.proto, tensor.proto), with their field numbers.
 */
const messages: protobuf.INamespace = {
  nested: {
    SavedModel: {
      fields: {
        schemaVersion: { type: 'int64', id: 1 },
        metaGraphs: { rule: 'repeated', type: 'MetaGraph', id: 2 },
      },
    },
    MetaGraph: { fields: { info: { type: 'MetaInfo', id: 1 }, graph: { type: 'Graph', id: 2 } } },
    MetaInfo: { fields: { tags: { rule: 'repeated', type: 'string', id: 4 } } },
    Graph: {
      fields: {
        node: { rule: 'repeated', type: 'Node', id: 1 },
        versions: { type: 'Versions', id: 4 },
      },
    },
    Versions: { fields: { producer: { type: 'int32', id: 1 } } },
    Node: {
      fields: {
        name: { type: 'string', id: 1 },
        op: { type: 'string', id: 2 },
        input: { rule: 'repeated', type: 'string', id: 3 },
        attr: { keyType: 'string', type: 'Attribute', id: 5 } as protobuf.IMapField,
      },
    },
    Attribute: {
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
      fields: {
        list: { type: 'List', id: 1 },
        s: { type: 'bytes', id: 2 },
        i: { type: 'int64', id: 3 },
        f: { type: 'float', id: 4 },
        b: { type: 'bool', id: 5 },
        type: { type: 'int32', id: 6 },
        shape: { type: 'Shape', id: 7 },
        tensor: { type: 'Tensor', id: 8 },
      },
    },
    List: {
      fields: {
        s: { rule: 'repeated', type: 'bytes', id: 2 },
        i: { rule: 'repeated', type: 'int64', id: 3 },
        f: { rule: 'repeated', type: 'float', id: 4 },
        b: { rule: 'repeated', type: 'bool', id: 5 },
      },
    },
    Shape: { fields: { dim: { rule: 'repeated', type: 'Dimension', id: 2 } } },
    Dimension: { fields: { size: { type: 'int64', id: 1 } } },
    Tensor: {
      fields: {
        dtype: { type: 'int32', id: 1 },
        tensorShape: { type: 'Shape', id: 2 },
        tensorContent: { type: 'bytes', id: 4 },
      },
    },
  },
};

const SavedModel = protobuf.Root.fromJSON(messages).lookupType('SavedModel');

/** The GraphDef version of the TensorFlow releases that this engine was written with; older readers accept it. */
const graphProducer = 1395;

/** The tag under which the one graph of the file is loaded. */
export const savedModelTag = 'serve';

/** Serialises recorded nodes as a SavedModel with one graph. */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  return SavedModel.encode({
    schemaVersion: 1,
    metaGraphs: [
      {
        info: { tags: [savedModelTag] },
        graph: { node: nodes.map(encodeNode), versions: { producer: graphProducer } },
      },
    ],
  }).finish();
}

/** Writes the SavedModel to a temporary folder for as long as `use` runs. */
export function withSavedModelFolder<Result>(encoded: Uint8Array, use: (folder: string) => Result): Result {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-program-'));
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), encoded);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function encodeNode(node: GraphNode): Record<string, unknown> {
  const attr: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node.attributes)) attr[name] = encodeAttribute(value);
  return {
    name: node.name,
    op: node.op,
    input: [...node.inputs.map(outputName), ...node.controls.map((control) => `^${control.name}`)],
    attr,
  };
}

function encodeAttribute(attribute: AttributeValue): Record<string, unknown> {
  switch (attribute.kind) {
    case 'string':
      return Array.isArray(attribute.value)
        ? { list: { s: attribute.value.map((text) => Buffer.from(text)) } }
        : { s: Buffer.from(attribute.value) };
    case 'int':
      return Array.isArray(attribute.value) ? { list: { i: attribute.value } } : { i: attribute.value };
    case 'float':
      return Array.isArray(attribute.value) ? { list: { f: attribute.value } } : { f: attribute.value };
    case 'bool':
      return Array.isArray(attribute.value) ? { list: { b: attribute.value } } : { b: attribute.value };
    case 'type':
      return { type: attribute.value };
    case 'shape':
      return { shape: encodeShape(attribute.value) };
    case 'tensor':
      return {
        tensor: {
          dtype: attribute.value.dtype,
          tensorShape: encodeShape(attribute.value.shape),
          tensorContent: attribute.value.bytes,
        },
      };
  }
}

function encodeShape(shape: readonly number[]): Record<string, unknown> {
  return { dim: shape.map((size) => ({ size })) };
}

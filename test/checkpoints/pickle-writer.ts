/** Pieces of pickles, protocol 2, for tests: each pushes one value. */

export function pickle(value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), value, Buffer.from('.')]);
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from('X'), uint32(bytes.length), bytes]);
}

export function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return Buffer.concat([Buffer.from('J'), bytes]);
}

export function tuple(items: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]);
}

export function list(items: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(']('), ...items, Buffer.from('e')]);
}

/** An OrderedDict, as a state_dict is. */
export function dict(items: [Buffer, Buffer][]): Buffer {
  return Buffer.concat([
    global('collections', 'OrderedDict'),
    Buffer.from(')R('),
    ...items.flat(),
    Buffer.from('u'),
  ]);
}

export function global(module: string, name: string): Buffer {
  return Buffer.from(`c${module}\n${name}\n`);
}

export function persistent(id: Buffer): Buffer {
  return Buffer.concat([id, Buffer.from('Q')]);
}

/** A storage of `count` numbers under `key`. */
export function storage(type: string, key: string, count: number): Buffer {
  return persistent(
    tuple([text('storage'), global('torch', type), text(key), text('cpu'), number(count), Buffer.from('N')]),
  );
}

/** A tensor that is a view of a storage. */
export function tensor(of: Buffer, offset: number, shape: number[], strides: number[]): Buffer {
  return Buffer.concat([
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple([
      of,
      number(offset),
      tuple(shape.map(number)),
      tuple(strides.map(number)),
      Buffer.from('\x89', 'latin1'),
      dict([]),
    ]),
    Buffer.from('R'),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

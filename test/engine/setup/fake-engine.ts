import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { EngineLock } from '../../../src-main/engine/setup/targets.ts';

/** A zip archive with the entries given, deflated unless `stored`. */
export function makeZip(
  entries: Record<string, string | Buffer>,
  options: { stored?: boolean } = {},
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content);
    const packed = options.stored ? data : deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(options.stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const center = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(locals.length, 8);
  end.writeUInt16LE(locals.length, 10);
  end.writeUInt32LE(center.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, center, end]);
}

/** A machine of our own making: a tiny wheel, and a PATH with tools that do as they are told and keep a log. */
export interface FakeMachine {
  lock: EngineLock;
  /** The lock as a file, for processes. */
  lockFile: string;
  cache: string;
  /** The only folder on PATH. */
  tools: string;
  env: NodeJS.ProcessEnv;
  /** Lines that the tools wrote when they were run: 'pip download', 'g++'. */
  calls(): string[];
  /** Puts a tool on PATH: a shell script that is told where to log. */
  tool(name: string, script: string): void;
  /** pip that brings the wheel after `delaySec`. */
  goodPython(delaySec?: number): void;
  goodCompiler(): void;
}

const wheelFile = 'tensorflow_cpu-9.9.9-cp311-cp311-manylinux_2_17_x86_64.whl';

export function fakeMachine(folder: string): FakeMachine {
  const tools = path.join(folder, 'tools');
  const cache = path.join(folder, 'cache');
  const log = path.join(folder, 'calls.log');
  const wheel = path.join(folder, 'index', wheelFile);
  mkdirSync(tools, { recursive: true });
  mkdirSync(path.dirname(wheel), { recursive: true });
  writeFileSync(log, '');
  const zip = makeZip({
    'tensorflow/libtensorflow_cc.so.2': 'the library'.repeat(1000),
    'tensorflow/libtensorflow_framework.so.2': 'the framework',
    'tensorflow/include/tensorflow/c/c_api.h': '// header',
    'tensorflow/python/not_needed.py': 'pass',
    'tensorflow_cpu-9.9.9.dist-info/LICENSE': 'Apache',
  });
  writeFileSync(wheel, zip);
  const lock: EngineLock = {
    note: 'for a test',
    tensorflow: '9.9.9',
    pythonTag: '3.11',
    targets: {
      [`${process.platform}-${process.arch}-cpu`]: {
        unpackedBytes: 20_000,
        wheels: [
          {
            name: 'tensorflow-cpu',
            version: '9.9.9',
            file: wheelFile,
            sha256: createHash('sha256').update(zip).digest('hex'),
            bytes: zip.length,
            platforms: ['manylinux_2_17_x86_64'],
          },
        ],
      },
    },
  };
  const lockFile = path.join(folder, 'engine-lock.json');
  writeFileSync(lockFile, JSON.stringify(lock));

  const tool = (name: string, script: string) => {
    const text = `#!/bin/sh\nlog() { echo "$1" >> '${log}'; }\n${script}\n`;
    writeFileSync(path.join(tools, name), text, { mode: 0o755 });
  };
  return {
    lock,
    lockFile,
    cache,
    tools,
    env: { HOME: folder, PATH: tools, RESYNTH_CACHE: cache, RESYNTH_TENSORFLOW: 'cpu' },
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    tool,
    goodPython: (delaySec = 0) =>
      tool(
        'python3',
        `
case "$*" in
  *"pip --version"*) echo "pip 23.0 from here (python 3.11)" ;;
  *"pip download"*)
    log 'pip download'
    while [ "$1" != --dest ]; do shift; done
    echo half > "$2/half-done.part"
    /bin/sleep ${delaySec}
    /bin/rm "$2/half-done.part"
    /bin/cp '${wheel}' "$2/" ;;
esac`,
      ),
    goodCompiler: () =>
      tool('g++', `log 'g++'\nwhile [ "$1" != -o ]; do shift; done\necho 'a binding' > "$2"`),
  };
}

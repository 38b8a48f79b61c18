import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSplitter } from '../../src-main/processes/frame-splitter.ts';

function written(frames: Uint8Array[]): Buffer {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(frame.length);
      return [length, frame];
    }),
  );
}

describe('FrameSplitter', () => {
  it('gives the frames back, wherever the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 25 })),
        (frames, cuts) => {
          const bytes = written(frames);
          const splitter = new FrameSplitter(30);
          const found: Uint8Array[] = [];
          for (let at = 0; at < bytes.length;) {
            const cut = cuts.next().value ?? 1;
            found.push(...splitter.split(bytes.subarray(at, at + cut)));
            at += cut;
          }
          expect(found.map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
        },
      ),
    );
  });

  it('refuses a frame by its length, before a byte of it has come', () => {
    const splitter = new FrameSplitter(100);
    expect(splitter.split(written([new Uint8Array(100)]))).toHaveLength(1);
    expect(() => splitter.split(Uint8Array.of(101, 0, 0, 0))).toThrow(/101 bytes/);
  });
});

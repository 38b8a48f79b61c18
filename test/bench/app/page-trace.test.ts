import { expect, it } from 'vitest';
import { frameScript } from './page-trace.ts';

const thread = { pid: 1, tid: 2 };
const name = { ...thread, name: 'thread_name', ph: 'M', args: { name: 'CrRendererMain' } };
const frame = (ms: number, dur = 1) => ({
  ...thread,
  name: 'WebFrameWidgetImpl::BeginMainFrame',
  ph: 'X',
  ts: ms * 1000,
  dur: dur * 1000,
});
const script = (kind: string, ms: number, dur: number, tdur = dur) => ({
  ...thread,
  name: kind,
  ph: 'X',
  ts: ms * 1000,
  dur: dur * 1000,
  tdur: tdur * 1000,
});
const trace = (...events: object[]): string => JSON.stringify({ traceEvents: [name, ...events] });

it('adds up the script of each frame, and counts script inside of script once', () => {
  const frames = frameScript(
    trace(
      script('FunctionCall', 0, 9),
      frame(10),
      script('RunMicrotasks', 11, 4, 2),
      script('FunctionCall', 12, 1),
      frame(20, 6),
      script('FireAnimationFrame', 22, 3),
      script('Layout', 25, 1),
      frame(30),
      frame(40),
      script('FunctionCall', 42, 2),
    ),
  );
  // What ran for the first frame, or after the last, belongs to frames that were not seen whole.
  expect(frames).toEqual({ ms: [7], cpuMs: [5] });
});

it('looks at the page that works, not at an idle one', () => {
  const idle = { ...name, tid: 3 };
  const events = [frame(0), script('FunctionCall', 1, 2), frame(10), frame(20)];
  expect(frameScript(trace(idle, { ...frame(0), tid: 3 }, ...events)).ms).toEqual([2]);
  expect(() => frameScript(JSON.stringify({ traceEvents: [] }))).toThrow(/no main thread/);
  expect(() => frameScript(trace(script('FunctionCall', 0, 1)))).toThrow(/no frame/);
});

import { z } from 'zod';

/** What Chromium's trace says of the script that a page runs for its frames. */
export interface FrameScript {
  /** Milliseconds of script for each frame that had any. */
  ms: number[];
  /** The same in processor time of the page's thread, which a busy machine does not stretch. */
  cpuMs: number[];
}

/** What has to be traced for it. */
export const traceCategories = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', 'blink'];

/** Script, and what it makes necessary: its garbage. Those inside of one another count once. */
const scripts = new Set([
  ...['FunctionCall', 'EvaluateScript', 'RunMicrotasks', 'FireAnimationFrame', 'TimerFire', 'EventDispatch'],
  ...['v8.run', 'v8.callFunction', 'MinorGC', 'MajorGC', 'V8.GCScavenger', 'V8.GCIncrementalMarking'],
]);
/** What the page's thread does for one frame; callbacks of animation frames lie inside. */
const frameName = 'WebFrameWidgetImpl::BeginMainFrame';

const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number().default(0),
  dur: z.number().default(0),
  tts: z.number().optional(),
  tdur: z.number().default(0),
  args: z.object({ name: z.string().optional() }).optional(),
});
const traceSchema = z.object({ traceEvents: z.array(eventSchema) });
type TraceEvent = z.output<typeof eventSchema>;

/**
 * Script of a page by frame: all that ran since the frame before was done counts for a frame, be it the message that brought
 * the news, the work of the framework or the drawing.
 *
 * @throws Error where the trace has no page, or no frame of it.
 */
export function frameScript(trace: string): FrameScript {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace));
  const own = pageThread(traceEvents).sort((a, b) => a.ts - b.ts);
  const frames: FrameScript = { ms: [], cpuMs: [] };
  let [wallUs, cpuUs] = [0, 0];
  let coveredUs = -Infinity;
  /** When the frame under way is done; null between frames. */
  let doneUs: number | null = null;
  let isWhole = false;
  for (const event of own) {
    if (doneUs !== null && event.ts >= doneUs) {
      // Of what led to the first frame, a part was before the trace.
      if (isWhole && wallUs > 0) {
        frames.ms.push(wallUs / 1000);
        frames.cpuMs.push(cpuUs / 1000);
      }
      isWhole = true;
      doneUs = null;
      wallUs = cpuUs = 0;
    }
    if (event.ph !== 'X') continue;
    const endUs = event.ts + event.dur;
    if (event.name === frameName) doneUs = endUs;
    // Inside of one that has been counted.
    if (!scripts.has(event.name) || endUs <= coveredUs) continue;
    coveredUs = endUs;
    wallUs += event.dur;
    cpuUs += event.tdur;
  }
  if (!isWhole) throw new Error('The trace has no frame of the page.');
  return frames;
}

/** The events of the main thread that runs most script: the browser has others, for pages that are not shown. */
function pageThread(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = new Map<string, TraceEvent[]>();
  const isMain = new Set<string>();
  for (const event of events) {
    const key = `${event.pid} ${event.tid}`;
    if (event.name === 'thread_name' && event.args?.name === 'CrRendererMain') isMain.add(key);
    const thread = threads.get(key);
    if (thread) thread.push(event);
    else threads.set(key, [event]);
  }
  const script = (thread: readonly TraceEvent[]): number =>
    thread.filter(({ name }) => scripts.has(name)).length;
  const [busiest] = [...threads]
    .filter(([key]) => isMain.has(key))
    .map(([, thread]) => thread)
    .sort((a, b) => script(b) - script(a));
  if (!busiest) throw new Error('The trace names no main thread of a page.');
  return busiest;
}

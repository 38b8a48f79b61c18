import { maximumFrameBytes, type Channel } from './channel.ts';
import { decodeFrame, encodeFrame } from './codec.ts';
import type { Command, ProgressEvent } from './command.ts';
import { asResynthError, messageOf, ResynthError } from './errors/error.ts';
import type { EventHub } from './event-hub.ts';
import { EventPump } from './event-pump.ts';
import { type ClientFrame, clientFrameSchema, type HostFrame, protocolVersion } from './frames.ts';
import { faultWords, issueWords } from './schema-words.ts';

export interface ServerOptions {
  /** The command of this name, undefined where the host knows none. */
  find(name: string): Command | undefined;
  /** Carries out a command: `input` is what its schema made of what came. */
  call(name: string, input: unknown, context: CallContext): Promise<unknown>;
  hub: EventHub;
  limits?: Partial<ServerLimits>;
}

export interface CallContext {
  progress(event: ProgressEvent): void;
  /** Aborted when the client takes the call back, or is gone. */
  signal: AbortSignal;
}

export interface ServerLimits {
  /** Calls of one client that are worked on at once; more wait. */
  runningCalls: number;
  /** Calls of one client in all; more are refused. */
  calls: number;
  /** Bytes that the client has not taken: above it no further call is begun and no event or progress sent. */
  bufferedBytes: number;
  /** Above it the line is given up: the client reads too slowly to go on. */
  abandonBytes: number;
  /** Time for the first message. */
  helloMs: number;
}

const defaultLimits: ServerLimits = {
  runningCalls: 64,
  calls: 1000,
  bufferedBytes: 4 * 1024 * 1024,
  abandonBytes: 2 * maximumFrameBytes,
  helloMs: 10_000,
};

/** A channel does not say when it has been emptied, so that is asked for as often as this while something waits. */
const drainPollMs = 20;

export interface Served {
  /** Ends the line; what this client asked for is cancelled. */
  close(reason?: string): void;
}

/** Serves one client: its calls, each checked on the way in and out, and the events of the hub. */
export function serveChannel(channel: Channel, options: ServerOptions): Served {
  const connection = new Connection(channel, options);
  return { close: (reason) => connection.close(reason ?? 'the host closed it') };
}

interface Call {
  id: number;
  command: Command;
  input: unknown;
  controller: AbortController;
  /** Held back while the client reads slowly: only the latest is of use. */
  heldProgress: ProgressEvent | undefined;
}

class Connection {
  readonly #channel: Channel;
  readonly #options: ServerOptions;
  readonly #limits: ServerLimits;
  /** Unanswered ones, by the client's numbers. */
  readonly #calls = new Map<number, Call>();
  readonly #waiting: Call[] = [];
  #running = 0;
  #events: EventPump | undefined;
  #closed = false;
  #drainTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #helloTimer: ReturnType<typeof setTimeout>;

  constructor(channel: Channel, options: ServerOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#helloTimer = setTimeout(() => this.close('it did not say hello'), this.#limits.helloMs);
    channel.onClose((reason) => this.#end(reason));
    channel.onFrame((bytes) => this.#hear(bytes));
  }

  close(reason: string): void {
    this.#end(reason);
    this.#channel.close(reason);
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#helloTimer);
    clearTimeout(this.#drainTimer);
    this.#events?.close();
    this.#waiting.length = 0;
    const lost = new ResynthError('contract/connection-lost', { reason });
    for (const { controller } of this.#calls.values()) controller.abort(lost);
    this.#calls.clear();
  }

  #hear(bytes: Uint8Array): void {
    if (this.#closed) return;
    let frame: ClientFrame;
    try {
      frame = clientFrameSchema.parse(decodeFrame(bytes));
    } catch (thrown) {
      this.close(messageOf(thrown));
      return;
    }
    if (frame.kind === 'hello') this.#greet(frame);
    else if (frame.kind === 'ping') this.#send({ kind: 'pong' });
    else if (!this.#events) this.close('it did not say hello first');
    else if (frame.kind === 'events-ack') this.#events.acknowledge(frame.seq);
    else if (frame.kind === 'call') this.#receive(frame);
    else if (frame.kind === 'cancel') this.#cancel(frame.id);
  }

  #greet({ protocol, known }: Extract<ClientFrame, { kind: 'hello' }>): void {
    if (this.#events) {
      this.close('it said hello twice');
      return;
    }
    clearTimeout(this.#helloTimer);
    if (protocol !== protocolVersion) {
      const error = new ResynthError('contract/refused', { ours: protocol, theirs: protocolVersion });
      this.#send({ kind: 'refused', error: error.toJSON() });
      this.close(error.message);
      return;
    }
    const { hub } = this.#options;
    const goesOn = known !== null && known.instance === hub.instance && hub.remembers(known.seq);
    const seq = goesOn ? known.seq : hub.seq;
    this.#send({
      kind: 'welcome',
      protocol: protocolVersion,
      instance: hub.instance,
      seq,
      resync: known !== null && !goesOn,
    });
    this.#events = new EventPump({
      hub,
      seq,
      send: (frame) => this.#sendBytes(frame),
      mayWrite: () => this.#mayWrite(),
    });
    this.#events.pump();
  }

  #receive({ id, command: name, input }: Extract<ClientFrame, { kind: 'call' }>): void {
    if (this.#calls.has(id)) {
      this.close(`it used the number ${id} for two calls`);
      return;
    }
    const { calls: limit } = this.#limits;
    const command = this.#options.find(name);
    if (this.#calls.size >= limit) this.#fail(id, new ResynthError('contract/too-many-calls', { limit }));
    else if (!command) this.#fail(id, new ResynthError('contract/unknown-command', { command: name }));
    else {
      const call: Call = { id, command, input, controller: new AbortController(), heldProgress: undefined };
      this.#calls.set(id, call);
      this.#waiting.push(call);
      this.#begin();
    }
  }

  #cancel(id: number): void {
    const call = this.#calls.get(id);
    // Its answer may have crossed the cancellation on the way.
    if (!call) return;
    const cancelled = new ResynthError('internal/cancelled');
    call.controller.abort(cancelled);
    const place = this.#waiting.indexOf(call);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    this.#calls.delete(id);
    this.#fail(id, cancelled);
  }

  #begin(): void {
    while (this.#running < this.#limits.runningCalls && this.#waiting.length > 0 && this.#mayWrite()) {
      const call = this.#waiting.shift();
      if (!call) return;
      this.#running++;
      void this.#answer(call).finally(() => {
        this.#running--;
        this.#begin();
      });
    }
  }

  /** Never rejects: every way that a call can end is an answer. */
  async #answer(call: Call): Promise<void> {
    const { id } = call;
    let answer: Uint8Array<ArrayBuffer>;
    try {
      const output = await this.#carryOut(call);
      answer = encodeFrame({ kind: 'result', id, output } satisfies HostFrame);
    } catch (thrown) {
      answer = encodeFrame({
        kind: 'error',
        id,
        error: asResynthError(thrown).toJSON(),
      } satisfies HostFrame);
    }
    // Gone with its client, or another call of the same number on a line that was closed: nobody waits.
    if (this.#closed || this.#calls.get(id) !== call) return;
    if (call.heldProgress) this.#send({ kind: 'progress', id, event: call.heldProgress });
    this.#calls.delete(id);
    this.#sendBytes(answer);
  }

  async #carryOut(call: Call): Promise<unknown> {
    const { command, controller } = call;
    const input = command.input.safeParse(call.input ?? {});
    if (!input.success) {
      const [issue] = input.error.issues;
      throw new ResynthError(
        'contract/bad-input',
        {
          command: command.name,
          field: issue?.path.join('.') || 'what was given',
          reason: issue ? issueWords(issue) : 'it is not allowed',
        },
        { cause: input.error },
      );
    }
    const output = await this.#options.call(command.name, input.data, {
      progress: (event) => this.#progress(call, event),
      signal: controller.signal,
    });
    const checked = command.output.safeParse(output);
    if (!checked.success) {
      throw new ResynthError(
        'contract/bad-output',
        { command: command.name, detail: faultWords(checked.error) },
        { cause: checked.error },
      );
    }
    return checked.data;
  }

  #progress(call: Call, event: ProgressEvent): void {
    if (this.#calls.get(call.id) !== call) return;
    // A warning is for the user's eyes and is never skipped.
    if (event.warning !== undefined || this.#mayWrite()) {
      call.heldProgress = undefined;
      this.#send({ kind: 'progress', id: call.id, event });
    } else {
      call.heldProgress = event;
    }
  }

  /** Whether the client keeps up; where it does not, what waits goes on as soon as it does. */
  #mayWrite(): boolean {
    if (this.#closed) return false;
    if (this.#channel.bufferedBytes <= this.#limits.bufferedBytes) return true;
    this.#drainTimer ??= setTimeout(() => {
      this.#drainTimer = undefined;
      if (!this.#mayWrite()) return;
      for (const call of this.#calls.values()) {
        if (call.heldProgress) this.#progress(call, call.heldProgress);
      }
      this.#events?.pump();
      this.#begin();
    }, drainPollMs);
    return false;
  }

  #fail(id: number, error: ResynthError): void {
    this.#send({ kind: 'error', id, error: error.toJSON() });
  }

  #send(frame: HostFrame): void {
    this.#sendBytes(encodeFrame(frame));
  }

  #sendBytes(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#closed) return;
    this.#channel.send(frame);
    if (this.#channel.bufferedBytes > this.#limits.abandonBytes) this.close('the client reads too slowly');
  }
}

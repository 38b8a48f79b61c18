import type { z } from 'zod';
import type { Channel } from './channel.ts';
import { ClientLine, type ClientState, type ClientTiming, defaultTiming } from './client-line.ts';
import { ClientEvents } from './client-events.ts';
import type { Command, ProgressEvent } from './command.ts';
import { ResynthError } from './errors/error.ts';
import type { EventDefinition } from './event.ts';
import type { HostFrame } from './frames.ts';
import { faultWords } from './schema-words.ts';

export interface CallOptions {
  /** Takes the call back: the handler is told, and the promise rejects with what it then says (internal/cancelled). */
  signal?: AbortSignal | undefined;
  progress?: ((event: ProgressEvent) => void) | undefined;
}

/** A host as its clients see it, over whatever line. */
export interface Client {
  /**
   * Has the host carry out a command.
   *
   * @throws ResynthError what the command threw, with its code, params, message and remedy; contract/connection-lost, when
   *   the line was lost meanwhile (a `readOnly` command is asked again instead); internal/cancelled.
   */
  call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options?: CallOptions,
  ): Promise<z.output<C['output']>>;
  /** Hears an event from now on, each exactly once, also across lost lines; gives the way to end that. */
  on<E extends EventDefinition>(event: E, listener: (payload: z.output<E['payload']>) => void): () => void;
  /** Events were missed: another host process, or away for longer than the host remembers. Read everything again. */
  onResync(listener: () => void): () => void;
  readonly state: ClientState;
  /** Why there is no line, while there is none. */
  readonly error: ResynthError | null;
  onState(listener: (state: ClientState) => void): () => void;
  /** Ends the line; what is unanswered is rejected. */
  close(): void;
}

export interface ClientOptions {
  /** Makes a new line to the host. */
  open(): Promise<Channel>;
  /** Whether a lost line is made again, for ever; true by default. */
  reconnect?: boolean;
  /** Whether trying again can help after an attempt failed with this; by default it always may. */
  retry?(error: ResynthError): boolean;
  /** Checks results against the command's schema here as well as at the host; true by default. */
  checkOutputs?: boolean;
  timing?: Partial<ClientTiming>;
}

/** A read that has taken this many lines down with it is not asked again. */
const attemptsOfReads = 3;

interface Call {
  id: number;
  command: Command;
  input: unknown;
  options: CallOptions;
  sent: boolean;
  attempts: number;
  resolve(output: unknown): void;
  reject(error: ResynthError): void;
}

/** Opens a line to a host. Calls made before it is open wait for it. */
export function createClient(options: ClientOptions): Client {
  return new LineClient(options);
}

class LineClient implements Client {
  readonly #line: ClientLine;
  readonly #events: ClientEvents;
  readonly #checkOutputs: boolean;
  readonly #calls = new Map<number, Call>();
  readonly #stateListeners = new Set<(state: ClientState) => void>();
  #nextId = 1;
  #state: ClientState = 'connecting';
  #error: ResynthError | null = null;
  /** No line will be made again. */
  #final = false;

  constructor(options: ClientOptions) {
    this.#checkOutputs = options.checkOutputs ?? true;
    this.#events = new ClientEvents((seq) => this.#line.send({ kind: 'events-ack', seq }));
    this.#line = new ClientLine({
      open: options.open,
      reconnect: options.reconnect ?? true,
      retry: options.retry ?? (() => true),
      timing: { ...defaultTiming, ...options.timing },
      known: () => this.#events.known,
      opened: (welcome) => this.#opened(welcome),
      heard: (frame) => this.#hear(frame),
      lost: (error, final) => this.#lost(error, final),
    });
  }

  get state(): ClientState {
    return this.#state;
  }

  get error(): ResynthError | null {
    return this.#error;
  }

  call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options: CallOptions = {},
  ): Promise<z.output<C['output']>> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(new ResynthError('internal/cancelled'));
    if (this.#final || (this.#state === 'lost' && !command.readOnly))
      return Promise.reject(this.#lineError());
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const call: Call = { id, command, input, options, sent: false, attempts: 0, resolve, reject };
    this.#calls.set(id, call);
    if (this.#state === 'open') this.#send(call);
    const cancel = (): void => this.#cancel(call);
    signal?.addEventListener('abort', cancel, { once: true });
    // What resolves it has been through the command's own schema.
    return promise.finally(() => signal?.removeEventListener('abort', cancel)) as Promise<
      z.output<C['output']>
    >;
  }

  on<E extends EventDefinition>(event: E, listener: (payload: z.output<E['payload']>) => void): () => void {
    return this.#events.on(event, listener as (payload: unknown) => void);
  }

  onResync(listener: () => void): () => void {
    return this.#events.onResync(listener);
  }

  onState(listener: (state: ClientState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  close(): void {
    this.#line.close('it was closed here');
  }

  #opened(welcome: Extract<HostFrame, { kind: 'welcome' }>): void {
    this.#error = null;
    // First the state: who reads again on a resync asks over this line.
    this.#setState('open');
    this.#events.welcome(welcome);
    for (const call of this.#calls.values()) if (!call.sent) this.#send(call);
  }

  #lost(error: ResynthError, final: boolean): void {
    this.#error = error;
    this.#final = final;
    for (const call of [...this.#calls.values()]) {
      if (call.options.signal?.aborted) this.#reject(call, new ResynthError('internal/cancelled'));
      else if (final || !call.command.readOnly || call.attempts >= attemptsOfReads) {
        this.#reject(call, this.#lineError());
      } else call.sent = false;
    }
    this.#setState('lost');
  }

  #hear(frame: HostFrame): void {
    if (frame.kind === 'event') this.#events.hear(frame);
    else if (frame.kind === 'resync') this.#events.resync(frame.seq);
    else if (frame.kind === 'progress')
      this.#calls.get(frame.id)?.options.progress?.(frame.event as ProgressEvent);
    else if (frame.kind === 'result') this.#settle(frame.id, frame.output);
    else if (frame.kind === 'error') {
      const call = this.#calls.get(frame.id);
      if (call) this.#reject(call, ResynthError.from(frame.error));
    }
  }

  #settle(id: number, output: unknown): void {
    const call = this.#calls.get(id);
    if (!call) return;
    const { command } = call;
    const checked = this.#checkOutputs
      ? command.output.safeParse(output)
      : { success: true as const, data: output };
    if (checked.success) {
      this.#calls.delete(id);
      call.resolve(checked.data);
      return;
    }
    const detail = faultWords(checked.error);
    this.#reject(call, new ResynthError('contract/bad-output', { command: command.name, detail }));
  }

  #send(call: Call): void {
    call.sent = true;
    call.attempts++;
    try {
      this.#line.send({ kind: 'call', id: call.id, command: call.command.name, input: call.input });
    } catch (thrown) {
      // What cannot be written down never left.
      this.#reject(call, thrown as ResynthError);
    }
  }

  #cancel(call: Call): void {
    if (!this.#calls.has(call.id)) return;
    if (call.sent) this.#line.send({ kind: 'cancel', id: call.id });
    else this.#reject(call, new ResynthError('internal/cancelled'));
  }

  #reject(call: Call, error: ResynthError): void {
    this.#calls.delete(call.id);
    call.reject(error);
  }

  #lineError(): ResynthError {
    const reason = this.#error?.code === 'contract/connection-lost' ? this.#error.params.reason : null;
    if (this.#error && reason === null) return this.#error;
    return new ResynthError('contract/connection-lost', { reason: reason ?? 'there is no line' });
  }

  #setState(state: ClientState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}

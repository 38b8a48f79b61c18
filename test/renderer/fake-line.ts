import type { z } from 'zod';
import type { Command } from '../../src-preload/contract/command.ts';
import type { EventDefinition } from '../../src-preload/contract/event.ts';

interface Call {
  name: string;
  input: unknown;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** The side of Host that states use, with answers when a test gives them: for what happens between asking and hearing. */
export class FakeLine {
  readonly calls: Call[] = [];
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();
  readonly #loaders = new Set<() => Promise<void>>();

  call<C extends Command>(
    command: C,
    input: z.input<C['input']>,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<z.output<C['output']>> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.calls.push({ name: command.name, input, resolve, reject });
    options?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    return promise as Promise<z.output<C['output']>>;
  }

  on<E extends EventDefinition>(event: E, listener: (payload: z.output<E['payload']>) => void): () => void {
    const listeners = this.#listeners.get(event.name) ?? new Set();
    this.#listeners.set(event.name, listeners);
    listeners.add(listener as (payload: unknown) => void);
    return () => void listeners.delete(listener as (payload: unknown) => void);
  }

  keepLoaded(load: () => Promise<void>): () => void {
    this.#loaders.add(load);
    void load();
    return () => void this.#loaders.delete(load);
  }

  /** Tells an event. */
  tell<E extends EventDefinition>(event: E, payload: z.output<E['payload']>): void {
    for (const listener of this.#listeners.get(event.name) ?? []) listener(payload);
  }

  /** Events were missed: everything is read again. */
  resync(): void {
    for (const load of this.#loaders) void load();
  }

  /** Answers the oldest call of a command that is open, and lets what follows from it happen. */
  async answer<C extends Command>(command: C, output: z.output<C['output']>): Promise<unknown> {
    const call = this.#take(command);
    call.resolve(output);
    await settle();
    return call.input;
  }

  async refuse(command: Command, error: unknown): Promise<void> {
    this.#take(command).reject(error);
    await settle();
  }

  open(command: Command): number {
    return this.calls.filter((call) => call.name === command.name).length;
  }

  #take(command: Command): Call {
    const at = this.calls.findIndex((call) => call.name === command.name);
    const [call] = at < 0 ? [] : this.calls.splice(at, 1);
    if (!call) throw new Error(`Nobody asked for "${command.name}".`);
    return call;
  }
}

/** Lets promises that are ready go on. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await Promise.resolve();
}

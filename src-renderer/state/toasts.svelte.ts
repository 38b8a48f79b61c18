export interface Toast {
  id: number;
  message: string;
  tone: 'neutral' | 'good' | 'bad';
  /** What can be done about it: 'Undo'. */
  action: { title: string; run(): void | Promise<void> } | null;
}

const shortMs = 5_000;
/** Long enough to notice a mistake and take it back. */
const undoMs = 12_000;

/** Short messages at the edge of the window, for acts whose outcome is not visible where they were done. */
export class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #nextId = 1;

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(message: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): number {
    const toast: Toast = {
      id: this.#nextId++,
      message,
      tone: options.tone ?? 'neutral',
      action: options.action ?? null,
    };
    // More than four would hide the screen.
    for (const old of this.#list.slice(0, -3)) this.dismiss(old.id);
    this.#list = [...this.#list, toast];
    this.resume(toast.id);
    return toast.id;
  }

  /** Says that something was done, with the way to take it back. */
  undo(message: string, undo: () => void | Promise<void>): number {
    return this.show(message, { action: { title: 'Undo', run: undo } });
  }

  dismiss(id: number): void {
    this.hold(id);
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }

  /** While it is pointed at it stays. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    const toast = this.#list.find((one) => one.id === id);
    if (!toast) return;
    this.hold(id);
    const timer = setTimeout(() => this.dismiss(id), toast.action ? undoMs : shortMs);
    this.#timers.set(id, timer);
  }
}

/** Milliseconds of script that drawing may take out of one frame; what is left over waits for the next. */
const budgetMs = 2;

const waiting = new Map<object, () => void>();
let frame = 0;

/**
 * Draws in the next frames that have time for it. A page of ten live charts so never makes one long frame: they are drawn
 * one after another over a few, the first a frame after whatever brought the news, whose own work fills that frame. Asking
 * again before it was drawn replaces what was asked.
 */
export function drawSoon(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  if (frame === 0) frame = requestAnimationFrame(() => (frame = requestAnimationFrame(drawSome)));
}

/** Forgets what was asked for. */
export function cancelDrawing(owner: object): void {
  waiting.delete(owner);
}

function drawSome(): void {
  const started = performance.now();
  frame = 0;
  for (const [owner, draw] of waiting) {
    waiting.delete(owner);
    draw();
    if (performance.now() - started >= budgetMs) break;
  }
  if (waiting.size > 0) frame = requestAnimationFrame(drawSome);
}

import { createSubscriber } from 'svelte/reactivity';

/** How often what says 'x min ago' is said again. */
const everyMs = 15_000;

const follow = createSubscriber((update) => {
  const timer = setInterval(update, everyMs);
  return () => clearInterval(timer);
});

/** Now, in ms since 1970. Whatever reads it in a template or an effect is reckoned anew as time goes by. */
export function presentMs(): number {
  follow();
  return Date.now();
}

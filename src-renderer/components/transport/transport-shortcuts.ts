import type { Deck } from '../../audio/deck.svelte.ts';
import type { Shortcut } from '../../state/shortcuts.svelte.ts';

const group = 'Listening';

/**
 * The keys of a deck, for the window: whichever was added last has them. Without `letters` A and B are left to a screen
 * that calls its versions by letters.
 */
export function transportShortcuts(deck: () => Deck, letters = true): Shortcut[] {
  const { player } = deck();
  const step = (direction: 1 | -1) => (event: KeyboardEvent) => {
    const one = deck();
    one.seek(one.positionSec + (direction * one.durationSec) / (event.shiftKey ? 200 : 20));
  };
  const edge = (which: 'fromSec' | 'toSec') => () => {
    const one = deck();
    if (!one.mine) return;
    const loop = player.loop ?? { fromSec: 0, toSec: one.durationSec };
    const moved = { ...loop, [which]: one.positionSec };
    // An edge that is moved past the other leaves a loop to the clip's own edge.
    if (moved.fromSec >= moved.toSec)
      Object.assign(moved, which === 'fromSec' ? { toSec: one.durationSec } : { fromSec: 0 });
    player.transport.setLoop(moved);
  };
  const tracks = Array.from({ length: 9 }, (_, at): Shortcut => {
    return {
      keys: String(at + 1),
      title: `Hear version ${at + 1}`,
      group,
      listed: at === 0 ? { keys: '1 … 9', title: 'Hear the version of that number' } : null,
      run: () => {
        const track = deck().tracks[at];
        if (track) deck().choose(track.id);
      },
    };
  });
  return [
    { keys: 'Space', title: 'Play or pause', group, run: () => deck().toggle() },
    ...tracks,
    ...(letters ? firstAndOther(deck) : []),
    { keys: 'x', title: 'To and fro between the last two', group, run: () => deck().toggleBefore() },
    { keys: 'r', title: 'Hear what differs from the original', group, run: () => deck().toggleResidual() },
    { keys: 'l', title: 'Repeat the clip or the marked stretch', group, run: () => deck().toggleRepeat() },
    { keys: '[', title: 'Begin the loop here', group, run: edge('fromSec') },
    { keys: ']', title: 'End the loop here', group, run: edge('toSec') },
    { keys: 'ArrowLeft', title: 'Back (Shift: a little)', group, run: step(-1) },
    { keys: 'ArrowRight', title: 'On (Shift: a little)', group, run: step(1) },
    { keys: 'Home', title: 'To the beginning', group, run: () => deck().seek(player.loop?.fromSec ?? 0) },
  ];
}

function firstAndOther(deck: () => Deck): Shortcut[] {
  return [
    { keys: 'a', title: 'Hear A: the first version', group, run: () => deck().hearReference() },
    {
      ...{ keys: 'b', title: 'Hear B: the version that it is compared with', group },
      run: () => deck().hearOther(),
    },
  ];
}

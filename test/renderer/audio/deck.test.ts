import { describe, expect, it } from 'vitest';
import { alignSignals } from '../../../src-main/analyst/align.ts';
import { signalsAlign } from '../../../src-preload/contract/commands/listening.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { DeckSource } from '../../../src-renderer/audio/deck-track.svelte.ts';
import { Deck } from '../../../src-renderer/audio/deck.svelte.ts';
import type { TrackSound } from '../../../src-renderer/audio/track-sound.ts';
import { Host } from '../../../src-renderer/host.svelte.ts';
import { Player } from '../../../src-renderer/state/player.svelte.ts';
import { fakeSamples } from '../fake-sound.ts';
import { FakeHost } from '../fake-host.ts';

const rateHz = 8000;

function opened() {
  const fake = new FakeHost();
  fake.on(signalsAlign, (input) => {
    const { kind: _kind, ...aligned } = alignSignals({ kind: 'align', ...input });
    return aligned;
  });
  const host = new Host(fake.open);
  const player = new Player();
  const deck = new Deck(host, player);
  return { deck, player, host, fake };
}

const speech = fakeSamples(3, rateHz, 0.6);

/** The clip at a factor and so many samples late. */
function sound(factor: number, late = 0): TrackSound {
  const samples = Float32Array.from({ length: speech.length }, (_, n) => factor * (speech[n - late] ?? 0));
  return { sampleRateHz: rateHz, channels: 1, samples };
}

function source(
  id: string,
  give: () => TrackSound | null | Promise<TrackSound | null>,
  slot?: string,
): DeckSource {
  return { id, title: id, load: async () => give(), ...(slot === undefined ? {} : { slot }) };
}

/** Until `ready` says so. */
async function until(ready: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !ready(); turn++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ready()).toBe(true);
}

describe('a deck', () => {
  it('puts what is compared in time and level with the first, and has the rest ready', async () => {
    const { deck, player } = opened();
    deck.show('clip', [source('original', () => sound(0.5)), source('made', () => sound(0.25, 12))]);
    expect(deck.tracks.map(({ state }) => state)).toEqual(['idle', 'idle']);
    deck.choose('original');
    await until(() => player.trackIds.length === 2);
    expect(player.heard).toBe('original');
    const facts = deck.tracks[1]?.facts;
    expect(facts?.lagSamples).toBeCloseTo(12, 2);
    expect(facts?.level.gainDb).toBeCloseTo(6.02, 1);
    expect(player.transport.playedGainDb('made') + player.attenuationDb).toBeCloseTo(6.02, 1);
    deck.choose('made');
    await until(() => player.heard === 'made');
    deck.toggleBefore();
    await until(() => player.heard === 'original');
    deck.toggleBefore();
    await until(() => player.heard === 'made');
  });

  it('plays at the levels as they came where matching is switched off, and never clips where it is on', async () => {
    const { deck, player } = opened();
    deck.show('clip', [source('loud', () => sound(2.5)), source('quiet', () => sound(0.1))]);
    deck.choose('quiet');
    await until(() => player.trackIds.length === 2);
    const peak = 2.5 * speech.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const played = (id: string): number => 10 ** (player.transport.playedGainDb(id) / 20);
    expect(peak * played('loud')).toBeLessThanOrEqual(1);
    player.transport.setLevelMatched(false);
    expect(player.transport.playedGainDb('quiet')).toBeCloseTo(-player.attenuationDb, 6);
  });

  it('hears what differs, at its level', async () => {
    const { deck, player } = opened();
    deck.show('clip', [source('original', () => sound(0.5)), source('made', () => sound(0.25, 12))]);
    deck.toggleResidual();
    await until(() => player.heard === 'residual made');
    expect(deck.hearsResidual).toBe(true);
    expect(deck.tracks[1]?.facts?.residual?.relativeDb).toBeLessThan(-40);
    deck.toggleResidual();
    await until(() => player.heard === 'made');
    // The residual is made room for again.
    expect(player.trackIds).not.toContain('residual made');
  });

  it('hears what differs between any two, in step with the rest', async () => {
    const { deck, player } = opened();
    const third = source('other', () => sound(0.2, 40));
    deck.show('clip', [source('original', () => sound(0.5)), source('made', () => sound(0.25, 12)), third]);
    deck.choose('other');
    await until(() => player.heard === 'other');
    deck.takeResidualFrom('made');
    expect([deck.residualFrom?.id, deck.residualOf?.id]).toEqual(['made', 'other']);
    // The wanted one is what the residual is taken from: what it is compared with goes on.
    deck.toggleResidual();
    await until(() => player.heard === 'residual made - other');
    expect(deck.residual?.relativeDb).toBeLessThan(-40);
    deck.takeResidualFrom('original');
    await until(() => player.heard === 'residual other');
    expect(deck.residual?.levelDbfs).toBe(deck.tracks[2]?.facts?.residual?.levelDbfs);
  });

  it('goes between the reference and what is compared with it', async () => {
    const { deck, player } = opened();
    const all = ['original', 'made', 'other'].map((id) => source(id, () => sound(0.5)));
    deck.show('clip', all);
    deck.hearOther();
    await until(() => player.heard === 'made');
    deck.choose('other');
    await until(() => player.heard === 'other');
    deck.hearReference();
    await until(() => player.heard === 'original');
    deck.hearOther();
    await until(() => player.heard === 'other');
  });

  it('lets another step take over once it is here, and forgets the one before', async () => {
    const { deck, player } = opened();
    const original = source('original', () => sound(0.5));
    deck.show('clip', [original, source('step 1', () => sound(0.4), 'made')]);
    deck.choose('step 1');
    await until(() => player.heard === 'step 1');
    let arrive: (value: TrackSound) => void = () => undefined;
    const coming = new Promise<TrackSound>((resolve) => (arrive = resolve));
    deck.show('clip', [original, source('step 2', () => coming, 'made')]);
    expect(deck.wanted?.id).toBe('step 2');
    expect(deck.loading).toBe(true);
    expect(player.heard).toBe('step 1');
    arrive(sound(0.3));
    await until(() => player.heard === 'step 2');
    expect(player.trackIds).not.toContain('step 1');
  });

  it('tells why a version cannot be had, and tries again when it is asked for again', async () => {
    const { deck, player } = opened();
    let there = false;
    const source2 = source('made', () => {
      if (!there) throw new ResynthError('runs/clips-none', { run: 'r' });
      return sound(0.2);
    });
    deck.show('clip', [source('original', () => sound(0.5)), source2, source('empty', () => null)]);
    deck.choose('made');
    await until(() => deck.wanted?.state === 'failed');
    expect(deck.wanted?.error).toMatchObject({ code: 'runs/clips-none' });
    expect(player.heard).toBeNull();
    deck.choose('empty');
    await until(() => deck.wanted?.state === 'failed');
    expect(deck.wanted?.error).toMatchObject({ code: 'listening/not-a-sound' });
    there = true;
    deck.choose('made');
    await until(() => player.heard === 'made');
  });

  it('repeats what it was asked to repeat while the sound was on its way', async () => {
    const { deck, player } = opened();
    const arrivals: ((sound: TrackSound) => void)[] = [];
    deck.show('clip', [source('original', () => new Promise((resolve) => arrivals.push(resolve)))]);
    deck.toggleRepeat();
    expect(deck.repeats, 'nothing is on its way').toBe(false);
    deck.choose('original');
    deck.toggleRepeat();
    expect(deck.repeats).toBe(true);
    await until(() => arrivals.length === 1);
    arrivals[0]?.(sound(0.5));
    await until(() => deck.mine);
    expect(player.loop).toEqual({ fromSec: 0, toSec: 0.6 });
    deck.toggleRepeat();
    expect(player.loop).toBeNull();
    expect(deck.repeats).toBe(false);
  });

  it('gives the player away to whoever plays, and takes it back', async () => {
    const { deck, player } = opened();
    deck.show('clip', [source('original', () => sound(0.5))]);
    deck.choose('original');
    await until(() => deck.mine);
    player.load('other', { ...sound(0.1), fromSec: 0, durationSec: 0.6 });
    expect(deck.mine).toBe(false);
    expect(player.trackIds).toEqual(['other']);
    deck.choose('original');
    await until(() => deck.mine);
    expect(player.trackIds).toEqual(['original']);
    deck.close();
    expect(player.key).toBeNull();
    expect(player.trackIds).toEqual([]);
  });
});

describe('the transport', () => {
  it('refuses another rate beside what is there, and more than it holds', () => {
    const { player } = opened();
    const { transport } = player;
    transport.add({ id: 'a', sound: sound(1) });
    expect(() => transport.add({ id: 'b', sound: { ...sound(1), sampleRateHz: 16_000 } })).toThrow(
      RangeError,
    );
    for (let at = 1; at < 32; at++) transport.add({ id: `t${at}`, sound: sound(0.1) });
    expect(() => transport.add({ id: 'one more', sound: sound(1) })).toThrow(
      expect.objectContaining({ code: 'listening/too-many-tracks' }) as Error,
    );
    // In the place of another there is room.
    transport.add({ id: 'a', sound: sound(0.5) });
    transport.clear();
    transport.add({ id: 'b', sound: { ...sound(1), sampleRateHz: 16_000 } });
    expect(transport.durationSec).toBeCloseTo(0.3, 6);
  });

  it('keeps a loop inside the clip, and takes none that would be silence', () => {
    const { transport } = opened().player;
    transport.add({ id: 'a', sound: sound(1) });
    transport.setLoop({ fromSec: 0.5, toSec: 0.1 });
    expect(transport.loop).toEqual({ fromSec: 0.1, toSec: 0.5 });
    transport.setLoop({ fromSec: 0.4, toSec: 9 });
    expect(transport.loop).toEqual({ fromSec: 0.4, toSec: 0.6 });
    transport.setLoop({ fromSec: 0.2, toSec: 0.21 });
    expect(transport.loop).toBeNull();
  });

  it('says so where no sound can be made', () => {
    const { player } = opened();
    const errors: unknown[] = [];
    player.onerror = (error) => void errors.push(error);
    player.load('a', { ...sound(1), fromSec: 0, durationSec: 0.6 });
    // This environment has no audio at all.
    player.play();
    expect(errors).toEqual([expect.objectContaining({ code: 'listening/no-audio' })]);
    expect(player.playing).toBe(false);
  });
});

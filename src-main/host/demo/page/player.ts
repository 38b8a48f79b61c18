/** One clip as the page's script gets it. */
export interface PlayerClip {
  id: string;
  bins: number;
  frames: number;
  sampleRateHz: number;
  hopLength: number;
  nFft: number;
  durationSec: number;
  /** Each sound's spectrogram `[bins, frames]`: base64 of bytes from floorDb (0) to ceilingDb (255). */
  pictures: string[];
}

export interface PlayerData {
  floorDb: number;
  ceilingDb: number;
  clips: PlayerClip[];
}

/**
 * The script of the demo's page: paints the spectrograms, reads Hz, seconds and dB under the pointer in all pictures of a
 * clip at once, and plays. The sounds of a clip start together and only their gains change, so that switching between
 * original, ceiling and reconstruction stays at the same position to the sample.
 *
 * Its source text is put into the page as it is, so it uses nothing from outside itself.
 */
export function runPage(data: PlayerData): void {
  interface Playing {
    clip: number;
    startedSec: number;
    durationSec: number;
    gains: GainNode[];
    sources: AudioBufferSourceNode[];
  }

  // Perceptually even, dark to light: anchors of matplotlib's magma.
  const anchors = [
    [0, 0, 4],
    [28, 16, 68],
    [79, 18, 123],
    [129, 37, 129],
    [181, 54, 122],
    [229, 80, 100],
    [251, 135, 97],
    [254, 194, 135],
    [252, 253, 191],
  ];
  const decoded: Uint8Array[][] = [];
  const buffers = new Map<number, Promise<AudioBuffer[]>>();
  const chosen: number[] = data.clips.map((clip) => clip.pictures.length - 1);
  let audio: AudioContext | undefined;
  let playing: Playing | undefined;
  let current = 0;
  let asked = 0;

  const loop = document.querySelector<HTMLInputElement>('#loop');
  const cards = data.clips.map((clip) => document.getElementById(clip.id));

  function colour(share: number): [number, number, number] {
    const at = Math.min(anchors.length - 1.000001, Math.max(0, share * (anchors.length - 1)));
    const low = anchors[Math.floor(at)] ?? [0, 0, 0];
    const high = anchors[Math.floor(at) + 1] ?? low;
    const mix = (channel: number): number => {
      const from = low[channel] ?? 0;
      return from + ((high[channel] ?? 0) - from) * (at - Math.floor(at));
    };
    return [mix(0), mix(1), mix(2)];
  }

  function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  }

  /** One picture at its own size, one pixel a bin and frame; the browser scales it. */
  function paint(canvas: HTMLCanvasElement, values: Uint8Array, clip: PlayerClip): void {
    canvas.width = clip.frames;
    canvas.height = clip.bins;
    const context = canvas.getContext('2d');
    if (!context) return;
    const image = context.createImageData(clip.frames, clip.bins);
    for (let bin = 0; bin < clip.bins; bin++) {
      for (let frame = 0; frame < clip.frames; frame++) {
        const [red, green, blue] = colour((values[bin * clip.frames + frame] ?? 0) / 255);
        const at = 4 * ((clip.bins - 1 - bin) * clip.frames + frame);
        image.data.set([red, green, blue, 255], at);
      }
    }
    context.putImageData(image, 0, 0);
  }

  function panels(index: number): HTMLElement[] {
    return [...(cards[index]?.querySelectorAll<HTMLElement>('.panel') ?? [])];
  }

  function showChosen(index: number): void {
    for (const [at, panel] of panels(index).entries()) {
      panel.querySelector('button')?.setAttribute('aria-pressed', String(at === chosen[index]));
    }
    for (const [at, card] of cards.entries()) card?.classList.toggle('current', at === index);
  }

  function choose(index: number, sound: number): void {
    if (sound < 0 || sound >= (data.clips[index]?.pictures.length ?? 0)) return;
    chosen[index] = sound;
    current = index;
    showChosen(index);
    if (playing?.clip === index && audio) {
      for (const [at, gain] of playing.gains.entries()) {
        // Five milliseconds: no click, and too short to be heard as a fade.
        gain.gain.setTargetAtTime(at === sound ? 1 : 0, audio.currentTime, 0.005);
      }
    }
  }

  function load(index: number, context: AudioContext): Promise<AudioBuffer[]> {
    const known = buffers.get(index);
    if (known) return known;
    const links = panels(index).map(
      (panel) => panel.querySelector<HTMLAnchorElement>('a[download]')?.href ?? '',
    );
    const loading = Promise.all(
      links.map((link) => context.decodeAudioData(bytesOf(link.slice(link.indexOf(',') + 1)).buffer)),
    );
    buffers.set(index, loading);
    return loading;
  }

  function stop(): void {
    asked++;
    if (!playing) return;
    const { clip, sources } = playing;
    playing = undefined;
    for (const source of sources) {
      source.onended = null;
      source.stop();
    }
    cards[clip]?.classList.remove('playing');
    for (const panel of panels(clip)) panel.style.removeProperty('--position');
  }

  async function play(index: number): Promise<void> {
    stop();
    const request = asked;
    // Made by a click or a key, as browsers ask for it.
    audio ??= new AudioContext();
    const context = audio;
    await context.resume();
    const sounds = await load(index, context);
    // Another clip, or a stop, was asked for in between.
    if (request !== asked) return;
    const gains = sounds.map((_, at) => new GainNode(context, { gain: at === chosen[index] ? 1 : 0 }));
    const sources = sounds.map((buffer, at) => {
      const source = new AudioBufferSourceNode(context, { buffer, loop: loop?.checked ?? false });
      source.connect(gains[at] ?? context.destination);
      gains[at]?.connect(context.destination);
      return source;
    });
    const startedSec = context.currentTime + 0.02;
    for (const source of sources) source.start(startedSec);
    const durationSec = sounds[0]?.duration ?? 0;
    playing = { clip: index, startedSec, durationSec, gains, sources };
    if (sources[0]) sources[0].onended = stop;
    cards[index]?.classList.add('playing');
    requestAnimationFrame(follow);
  }

  function follow(): void {
    if (!playing || !audio) return;
    const elapsed = Math.max(0, audio.currentTime - playing.startedSec);
    const position = elapsed % playing.durationSec;
    const clip = data.clips[playing.clip];
    if (clip) {
      for (const panel of panels(playing.clip)) {
        panel.style.setProperty('--position', `${Math.min(100, (100 * position) / clip.durationSec)}%`);
      }
    }
    requestAnimationFrame(follow);
  }

  function toggle(index: number): void {
    if (playing?.clip === index) stop();
    else void play(index);
  }

  /** The reading under the pointer: the same place in every picture of the clip. */
  function read(index: number, x: number, y: number): void {
    const clip = data.clips[index];
    if (!clip) return;
    const frame = Math.min(clip.frames - 1, Math.max(0, Math.floor(x * clip.frames)));
    const bin = Math.min(clip.bins - 1, Math.max(0, Math.floor((1 - y) * clip.bins)));
    const hz = Math.round((bin * clip.sampleRateHz) / clip.nFft);
    const sec = ((frame * clip.hopLength) / clip.sampleRateHz).toFixed(3);
    for (const [at, panel] of panels(index).entries()) {
      panel.style.setProperty('--x', `${100 * x}%`);
      panel.style.setProperty('--y', `${100 * y}%`);
      const value = decoded[index]?.[at]?.[bin * clip.frames + frame] ?? 0;
      const db = Math.round(data.floorDb + (value / 255) * (data.ceilingDb - data.floorDb));
      const shown = panel.querySelector('.reading');
      if (shown) shown.textContent = `${db <= data.floorDb ? '≤ ' : ''}${db} dB`.replace('-', '−');
    }
    const place = cards[index]?.querySelector('.place');
    if (place) place.textContent = `${hz.toLocaleString('en-US')} Hz at ${sec} s`;
  }

  function listen(index: number): void {
    for (const [at, panel] of panels(index).entries()) {
      panel.querySelector('button')?.addEventListener('click', () => {
        // A click on the sound that plays stops it; on another one it switches.
        const same = playing?.clip === index && chosen[index] === at;
        choose(index, at);
        if (same) stop();
        else if (playing?.clip !== index) void play(index);
      });
      const picture = panel.querySelector<HTMLElement>('.picture');
      picture?.addEventListener('pointermove', (event) => {
        const box = picture.getBoundingClientRect();
        cards[index]?.classList.add('reading-shown');
        read(index, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      });
      picture?.addEventListener('pointerleave', () => cards[index]?.classList.remove('reading-shown'));
    }
    cards[index]?.addEventListener('focusin', () => {
      current = index;
      showChosen(index);
    });
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    if (event.target.matches('input, summary, a, pre')) return;
    const onButton = event.target.matches('button');
    const sound = ['1', '2', '3'].indexOf(event.key);
    if (sound >= 0) choose(current, sound);
    else if (event.key === ' ' && !onButton) toggle(current);
    else if (event.key === 'j' || event.key === 'k') {
      const next = current + (event.key === 'j' ? 1 : -1);
      if (next < 0 || next >= data.clips.length) return;
      const wasPlaying = playing !== undefined;
      current = next;
      cards[next]?.querySelectorAll('button')[chosen[next] ?? 0]?.focus({ preventScroll: true });
      cards[next]?.scrollIntoView({ block: 'nearest' });
      if (wasPlaying) void play(next);
    } else if (event.key === 'l' && loop) {
      loop.checked = !loop.checked;
      loop.dispatchEvent(new Event('change'));
    } else if (event.key === 'Escape') stop();
    else return;
    event.preventDefault();
  }

  for (const [index, clip] of data.clips.entries()) {
    const pictures = clip.pictures.map(bytesOf);
    decoded.push(pictures);
    for (const [at, panel] of panels(index).entries()) {
      const canvas = panel.querySelector('canvas');
      const values = pictures[at];
      if (canvas && values) paint(canvas, values, clip);
    }
    listen(index);
  }
  const bar = document.querySelector<HTMLElement>('.scale i');
  const stops = Array.from(
    { length: 9 },
    (_, at) =>
      `rgb(${colour(at / 8)
        .map(Math.round)
        .join(' ')})`,
  );
  if (bar) bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
  loop?.addEventListener('change', () => {
    for (const source of playing?.sources ?? []) source.loop = loop.checked;
  });
  document.addEventListener('keydown', onKey);
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) {
    button.addEventListener('click', () => {
      const text = button.parentElement?.querySelector('code')?.textContent ?? '';
      void navigator.clipboard.writeText(text).then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Select it'),
      );
    });
  }
  document.documentElement.classList.add('ready');
  showChosen(0);
}

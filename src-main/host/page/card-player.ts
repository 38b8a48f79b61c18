/**
 * The script of any page with cards of sounds: plays the sounds of a clip from one place, so that a switch between them
 * stays at the same moment; matches their levels; follows the position in every picture and reads seconds and Hz under
 * the pointer. A card says what it shows by `data-shown-sec`, `data-sample-rate-hz` and, for the sound that is heard first,
 * `data-first`; a panel its gain by `data-gain-db`.
 *
 * Its source text is put into the page as it is, so it uses nothing from outside itself.
 */
export function playCards(): void {
  interface Playing {
    card: HTMLElement;
    startedSec: number;
    durationSec: number;
    gains: GainNode[];
    sources: AudioBufferSourceNode[];
  }

  const cards = [...document.querySelectorAll<HTMLElement>('article.card')];
  const loop = document.querySelector<HTMLInputElement>('#loop');
  const match = document.querySelector<HTMLInputElement>('#match');
  const decoded = new Map<HTMLElement, Promise<AudioBuffer[]>>();
  const chosen = new Map<HTMLElement, number>();
  let audio: AudioContext | undefined;
  let playing: Playing | undefined;
  let current = cards[0];
  let asked = 0;

  function chosenOf(card: HTMLElement): number {
    return chosen.get(card) ?? Number(card.dataset.first ?? 0);
  }

  function panelsOf(card: HTMLElement): HTMLElement[] {
    return [...card.querySelectorAll<HTMLElement>('.panel')];
  }

  function gainOf(panel: HTMLElement | undefined): number {
    const db = match?.checked === true ? Number(panel?.dataset.gainDb ?? 0) : 0;
    return 10 ** (db / 20);
  }

  function show(card: HTMLElement): void {
    for (const [at, panel] of panelsOf(card).entries()) {
      panel.querySelector('button')?.setAttribute('aria-pressed', String(at === chosenOf(card)));
    }
    for (const one of cards) one.classList.toggle('current', one === current);
  }

  function apply(): void {
    if (!playing || !audio) return;
    const panels = panelsOf(playing.card);
    for (const [at, gain] of playing.gains.entries()) {
      const level = at === chosenOf(playing.card) ? gainOf(panels[at]) : 0;
      // Five milliseconds: no click, and too short to be heard as a fade.
      gain.gain.setTargetAtTime(level, audio.currentTime, 0.005);
    }
  }

  function choose(card: HTMLElement, sound: number): void {
    if (sound < 0 || sound >= panelsOf(card).length) return;
    chosen.set(card, sound);
    current = card;
    show(card);
    apply();
  }

  function load(card: HTMLElement, context: AudioContext): Promise<AudioBuffer[]> {
    const known = decoded.get(card);
    if (known) return known;
    const loading = Promise.all(
      panelsOf(card).map((panel) => {
        const download = panel.querySelector<HTMLAnchorElement>('a[download]');
        const link = panel.querySelector('audio')?.src ?? download?.href ?? '';
        const bytes = Uint8Array.from(atob(link.slice(link.indexOf(',') + 1)), (c) => c.charCodeAt(0));
        return context.decodeAudioData(bytes.buffer);
      }),
    );
    decoded.set(card, loading);
    return loading;
  }

  function stop(): void {
    asked++;
    if (!playing) return;
    const { card, sources } = playing;
    playing = undefined;
    for (const source of sources) {
      source.onended = null;
      source.stop();
    }
    card.classList.remove('playing');
  }

  async function play(card: HTMLElement): Promise<void> {
    stop();
    const request = asked;
    // Made by a click or a key, as browsers ask for it.
    audio ??= new AudioContext();
    const context = audio;
    await context.resume();
    const buffers = await load(card, context);
    // Another clip, or a stop, was asked for in between.
    if (request !== asked) return;
    const gains = buffers.map(() => new GainNode(context, { gain: 0 }));
    const sources = buffers.map((buffer, at) => {
      const source = new AudioBufferSourceNode(context, { buffer, loop: loop?.checked ?? false });
      const gain = gains[at];
      if (gain) source.connect(gain).connect(context.destination);
      return source;
    });
    const startedSec = context.currentTime + 0.02;
    for (const source of sources) source.start(startedSec);
    const durationSec = Math.max(...buffers.map((buffer) => buffer.duration));
    playing = { card, startedSec, durationSec, gains, sources };
    apply();
    const last = sources[buffers.findIndex((buffer) => buffer.duration === durationSec)];
    if (last) last.onended = stop;
    card.classList.add('playing');
    requestAnimationFrame(follow);
  }

  function follow(): void {
    if (!playing || !audio) return;
    const elapsed = Math.max(0, audio.currentTime - playing.startedSec);
    const shownSec = Number(playing.card.dataset.shownSec ?? playing.durationSec);
    const share = (elapsed % playing.durationSec) / shownSec;
    playing.card.style.setProperty('--position', `${Math.min(100, 100 * share)}%`);
    requestAnimationFrame(follow);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    if (event.target.matches('input, summary, a, audio, pre') || !current) return;
    const sound = '123456789'.indexOf(event.key);
    if (sound >= 0) choose(current, sound);
    else if (event.key === ' ' && !event.target.matches('button')) {
      if (playing?.card === current) stop();
      else void play(current);
    } else if (event.key === 'j' || event.key === 'k') {
      const next = cards[cards.indexOf(current) + (event.key === 'j' ? 1 : -1)];
      if (!next) return;
      const goesOn = playing !== undefined;
      current = next;
      panelsOf(next)[chosenOf(next)]?.querySelector('button')?.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
      show(next);
      if (goesOn) void play(next);
    } else if (event.key === 'l' && loop) loop.click();
    else if (event.key === 'Escape') stop();
    else return;
    event.preventDefault();
  }

  function listen(card: HTMLElement): void {
    const place = card.querySelector('.place');
    for (const [at, panel] of panelsOf(card).entries()) {
      panel.querySelector('button')?.addEventListener('click', () => {
        // A click on the sound that plays stops it; on another one it switches.
        const same = playing?.card === card && chosenOf(card) === at;
        choose(card, at);
        if (same) stop();
        else if (playing?.card !== card) void play(card);
      });
      const picture = panel.querySelector<HTMLElement>('.picture');
      picture?.addEventListener('pointermove', (event) => {
        const box = picture.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width;
        const y = (event.clientY - box.top) / box.height;
        card.classList.add('reading-shown');
        card.style.setProperty('--x', `${100 * x}%`);
        card.style.setProperty('--y', `${100 * y}%`);
        const hz = Math.round(((1 - y) * Number(card.dataset.sampleRateHz)) / 2);
        const sec = x * Number(card.dataset.shownSec);
        if (place) place.textContent = `${hz.toLocaleString('en-US')} Hz at ${sec.toFixed(3)} s`;
      });
      picture?.addEventListener('pointerleave', () => card.classList.remove('reading-shown'));
    }
    card.addEventListener('focusin', () => {
      current = card;
      show(card);
    });
    show(card);
  }

  for (const card of cards) listen(card);
  loop?.addEventListener('change', () => {
    for (const source of playing?.sources ?? []) source.loop = loop.checked;
  });
  match?.addEventListener('change', apply);
  document.addEventListener('keydown', onKey);
  document.documentElement.classList.add('ready');
}

import { presentMs } from './present.ts';

// Numbers as the window writes them: one way for each kind, so that columns compare. Where there is no value: an en dash.

export const nothing = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 300000 as '300,000'. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? nothing : whole.format(value);
}

/** A count with its noun: '1 recording', '3,000 recordings'. */
export function formatCountOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** A length of sound: '0.43 s', '12.4 s', '3:05', '1:02:30'. */
export function formatDuration(sec: number | null | undefined): string {
  if (sec === null || sec === undefined || !Number.isFinite(sec)) return nothing;
  if (sec < 10) return `${sec.toFixed(2)} s`;
  if (sec < 59.95) return `${sec.toFixed(1)} s`;
  const total = Math.round(sec);
  const parts = [Math.floor(total / 60) % 60, total % 60];
  const hours = Math.floor(total / 3600);
  const [minutes = 0, seconds = 0] = parts;
  if (hours === 0) return `${minutes}:${pad(seconds)}`;
  return `${hours}:${pad(minutes)}:${pad(seconds)}`;
}

/** So much sound: '21.6 min', '1.50 h', '12.4 h', '960 h'. */
export function formatHours(hours: number): string {
  if (hours < 1) return `${+(hours * 60).toFixed(1)} min`;
  const digits = hours < 10 ? 2 : hours < 100 ? 1 : 0;
  return hours >= 1000 ? `${whole.format(hours)} h` : `${hours.toFixed(digits)} h`;
}

/** How long something takes: '8 s', '3 min', '1 h 20 min'. */
export function formatSpan(sec: number | null | undefined): string {
  if (sec === null || sec === undefined || !Number.isFinite(sec)) return nothing;
  if (sec < 60) return `${Math.max(0, Math.round(sec))} s`;
  const minutes = Math.round(sec / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

/** '512 B', '3.4 MB': powers of ten, as disks are sold. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return nothing;
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? whole.format(value) : value.toFixed(1)} ${units[unit]}`;
}

/** '16 kHz', '22.05 kHz', '44.1 kHz'. */
export function formatRate(hz: number): string {
  return `${+(hz / 1000).toFixed(3)} kHz`;
}

/** A magnitude (1 is full scale) as a level: '-23.4 dB'. Silence has none: '−∞ dB'. */
export function formatLevel(magnitude: number): string {
  return magnitude <= 0 ? '−∞ dB' : formatDb(20 * Math.log10(magnitude));
}

/** '−23.4 dB', with a true minus so that digits stay in their columns. */
export function formatDb(db: number, digits = 1): string {
  if (!Number.isFinite(db)) return '−∞ dB';
  const text = db.toFixed(digits);
  // No minus before what is nothing once it is rounded.
  return `${minus(Number(text) === 0 ? (0).toFixed(digits) : text)} dB`;
}

/** A loss or another measured value in four significant digits: '0.02341', '1.2e-7', 'NaN'. */
export function formatValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return nothing;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return minus(whole.format(value));
  return minus(size < 1e-3 || size >= 1e6 ? value.toExponential(2) : value.toPrecision(4));
}

/** A share of 1 as '12.5 %'. */
export function formatShare(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** How long ago: 'just now', '4 min ago', 'yesterday', then the date. Without `nowMs` it goes on as time does. */
export function formatAgo(ms: number, nowMs: number = presentMs()): string {
  const sec = (nowMs - ms) / 1000;
  if (sec < 45) return 'just now';
  if (sec < 3570) return `${Math.max(1, Math.round(sec / 60))} min ago`;
  if (sec < 86_400) return `${Math.round(sec / 3600)} h ago`;
  if (sec < 2 * 86_400) return 'yesterday';
  if (sec < 7 * 86_400) return `${Math.floor(sec / 86_400)} days ago`;
  return formatDate(ms);
}

/** '2026-03-09'. */
export function formatDate(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** '2026-03-09 14:05'. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  return `${formatDate(ms)} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

function minus(text: string): string {
  return text.replace('-', '−');
}

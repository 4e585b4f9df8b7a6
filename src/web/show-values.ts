// Show values: numbers and instants as people read them. The only place that rounds.
// In: ratios 0.., milliseconds, instants, a zone. Out: text.
// Pure.

const PERCENT = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const DASH = '—';

export function percent(ratio: number | null): string {
  return ratio === null ? DASH : PERCENT.format(ratio);
}

export function pieces(count: number): string {
  return WHOLE.format(count);
}

export function minutes(ms: number): string {
  return TENTHS.format(ms / 60_000);
}

/** A running time: 0:42, 12:07, 3:05:11, 2 d 04:10. */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 24) return `${Math.floor(h / 24)} d ${two(h % 24)}:${two(m)}`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length in words: 42 s, 12 min 7 s, 3 h 5 min. */
export function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return seconds % 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds / 60} min`;
  const m = Math.floor(seconds / 60) % 60;
  return m ? `${Math.floor(seconds / 3600)} h ${m} min` : `${Math.floor(seconds / 3600)} h`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options });
  formats.set(key, known);
  return known;
}

/** HH:MM:SS on the plant's own clock. */
export function clock(instant: number, zone: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(instant);
}

/** HH:MM on the plant's own clock. */
export function hourMinute(instant: number, zone: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit' }).format(instant);
}

/** Weekday, day and month on the plant's own calendar. */
export function date(instant: number, zone: string): string {
  return format(zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(instant);
}

/** The instants between from and to at which the zone's clock shows a full hour divisible by `every`. */
export function fullHours(from: number, to: number, zone: string, every: number): number[] {
  const ticks: number[] = [];
  // zones are offset by quarters of an hour, so that every local full hour lies on a quarter
  const quarter = 900_000;
  for (let at = Math.ceil(from / quarter) * quarter; at <= to; at += quarter) {
    const [hour, minute] = hourMinute(at, zone).split(':').map(Number);
    if (minute === 0 && (hour ?? 0) % every === 0) ticks.push(at);
  }
  return ticks;
}

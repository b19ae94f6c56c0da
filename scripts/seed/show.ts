import type { Seeded, SeedProgress } from './seed.ts';

/** Where a bar is drawn. */
export interface BarStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const CLEAR_LINE = '\r\x1b[K';
const BAR = 24;
const REDRAW_MS = 100;
const PLAIN_MS = 5000;
const number = new Intl.NumberFormat('en-US');
const whole = (value: number): string => number.format(Math.round(value));

const labels: Readonly<Record<SeedProgress['phase'], string>> = {
  rows: 'Households',
  indexes: 'Indexes and keys',
  statistics: 'Statistics',
};

/** Shows how far a seed is: a bar that is redrawn on a terminal, elsewhere a line every five seconds. `end` takes the bar away. */
export function showProgress(
  stream: BarStream,
  now: () => number = () => performance.now(),
): { show(progress: SeedProgress): void; end(): void } {
  const isTerminal = stream.isTTY === true;
  let phase: SeedProgress['phase'] | null = null;
  let began = 0;
  let shown = 0;
  return {
    show(progress) {
      const at = now();
      if (phase !== progress.phase) {
        phase = progress.phase;
        began = at;
        // A new phase is told at once on a terminal; in a file, when it lasts.
        shown = isTerminal ? Number.NEGATIVE_INFINITY : at;
      }
      if (at - shown < (isTerminal ? REDRAW_MS : PLAIN_MS)) return;
      shown = at;
      const line = lineOf(progress, (at - began) / 1000);
      stream.write(isTerminal ? CLEAR_LINE + `${bar(progress)} ${line}`.slice(0, Math.max(20, (stream.columns ?? 80) - 1)) : `${line}\n`);
    },
    end() {
      if (isTerminal && phase !== null) stream.write(CLEAR_LINE);
    },
  };
}

function bar({ done, of }: SeedProgress): string {
  const filled = of === 0 ? BAR : Math.round((done / of) * BAR);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`;
}

function lineOf({ phase, done, of, persons, rows, bytes }: SeedProgress, seconds: number): string {
  const left = done === 0 ? '' : `, ${duration(((of - done) / done) * seconds)} left`;
  const many = `${labels[phase]} ${whole(done)} of ${whole(of)}${left}`;
  if (phase !== 'rows' || seconds === 0) return many;
  return `${many}; ${whole(persons / seconds)} persons/s, ${whole(rows)} rows, ${whole(bytes / seconds / 1e6)} MB/s`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 90 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** What a seed has made, in a few lines. */
export function summaryOf({ households, persons, rows, bytes, rowSeconds, seconds, asOf, examples, truthFile }: Seeded): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const lines = [
    `${whole(households)} households with ${whole(persons)} persons as of ${asOf}: ${whole(rows.enrollment)} enrollments, ${whole(rows.benefit)} benefits, ${whole(rows.payment)} payments, ${whole(rows.consentRecord)} consents.`,
    `${whole(total)} rows (${whole(bytes / 1e6)} MB) in ${duration(rowSeconds)}, all in ${duration(seconds)}: ${whole(persons / seconds)} persons/s.`,
  ];
  if (examples.beneficiary !== '')
    lines.push(`Example: ${examples.surname}, born ${examples.birthDate}, national id ${examples.uin}, enrolled in ${examples.program}.`);
  if (truthFile !== undefined) lines.push(`Which persons are registered twice stands in ${truthFile}.`);
  return lines.join('\n');
}

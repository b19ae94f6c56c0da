/** Days as numbers, counted from 1 January 1970, so that millions of dates cost no Date objects. */

const FIRST_YEAR = 1890;
const LAST_YEAR = 2060;
const FIRST_DAY = Date.UTC(FIRST_YEAR, 0, 1) / 86_400_000;

const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`);

const texts: readonly string[] = (() => {
  const list: string[] = [];
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= daysOfMonth(year, month); day++) list.push(`${year}-${two(month)}-${two(day)}`);
    }
  }
  return list;
})();

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const times: readonly string[] = Array.from({ length: 1440 }, (_, minute) => `T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00Z`);

/** Day number of an ISO date. Throws when it is not a date. */
export function dayOf(iso: string): number {
  const day = Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
  if (!Number.isInteger(day)) throw new Error(`Not a date: ${iso}`);
  return day;
}

/** ISO date of a day number from 1890 to 2060. */
export function isoDay(day: number): string {
  return texts[day - FIRST_DAY] as string;
}

/** ISO moment in UTC: a day number and a minute of that day, 0 to 1439. */
export function isoMoment(day: number, minute: number): string {
  return isoDay(day) + (times[minute] as string);
}

/** Day number of a year, month (1 to 12; more or fewer count into other years) and day. */
export function dayOfMonth(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** A period of a program, first and last day included. */
export interface Period {
  sequence: number;
  start: number;
  end: number;
}

/**
 * The periods that a recurrence rule makes from a first day on, as far as they touch the days from `from` to `to`.
 * Reads the part of RFC 5545 that programs use: FREQ=MONTHLY with INTERVAL, and FREQ=YEARLY with BYMONTH; all start on day 1.
 */
export function periodsOf(rule: string, firstDay: string, from: number, to: number): Period[] {
  const parts = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const interval = Number(parts.get('INTERVAL') ?? 1);
  const months =
    parts.get('FREQ') === 'MONTHLY'
      ? Array.from({ length: 12 / interval }, (_, index) => 1 + index * interval)
      : (parts.get('BYMONTH') ?? '1').split(',').map(Number);
  if (!months.every(Number.isInteger)) throw new Error(`Not a rule for cycles: ${rule}`);
  const firstYear = Number(firstDay.slice(0, 4));
  const begin = dayOf(firstDay);
  const found: Period[] = [];
  let sequence = 0;
  for (let year = firstYear; dayOfMonth(year, 1, 1) <= to; year++) {
    months.forEach((month, index) => {
      const start = dayOfMonth(year, month, 1);
      const next = months[index + 1];
      const end = (next === undefined ? dayOfMonth(year + 1, months[0] as number, 1) : dayOfMonth(year, next, 1)) - 1;
      if (start < begin) return;
      sequence++;
      if (end >= from && start <= to) found.push({ sequence, start, end });
    });
  }
  return found;
}

import { ApiError } from '@commonweal/schema';

/** Whether a text is a day of the calendar, `YYYY-MM-DD`, that exists. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || value < '1800') return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value;
}

/** Whether a text is a moment, ISO 8601 with a time zone: one that PostgreSQL takes too, whose zones end before sixteen hours. */
export const isMoment = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-](0\d|1[0-5]):\d{2})$/.test(value) &&
  isDay(value.slice(0, 10)) &&
  !Number.isNaN(Date.parse(value));

/** Whether a text is an amount of money that is not negative: twelve digits and two decimals at the most. */
export const isAmount = (value: unknown): value is string => typeof value === 'string' && /^\d{1,12}(\.\d{1,2})?$/.test(value);

/** Whether a text may be kept as a number or code of another system: short, printable, no line breaks. */
export const isCode = (value: unknown): value is string =>
  typeof value === 'string' && /^[\p{L}\p{N}][\p{L}\p{N} ._:/#-]{0,63}$/u.test(value);

/** A day from an argument; throws BAD_USER_INPUT for anything else. */
export function dayOf(value: unknown, argument: string): string {
  if (!isDay(value)) throw new ApiError('BAD_USER_INPUT', 'This is no day of the calendar, or not written YYYY-MM-DD.', { argument });
  return value;
}

/** An area code from an argument, before it reaches the database; throws BAD_USER_INPUT for anything else. */
export function areaCodeOf(value: unknown, argument: string): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_]{1,32}(\.[A-Za-z0-9_]{1,32}){0,7}$/.test(value))
    throw new ApiError('BAD_USER_INPUT', 'This is no area code. An area code looks like KE.23.', { argument });
  return value;
}

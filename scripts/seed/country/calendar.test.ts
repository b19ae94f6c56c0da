import { describe, expect, test } from 'vitest';
import { dayOf, isoDay, isoMoment, periodsOf } from './calendar.ts';

const dated = (rule: string, first: string, from: string, to: string) =>
  periodsOf(rule, first, dayOf(from), dayOf(to)).map(({ sequence, start, end }) => [sequence, isoDay(start), isoDay(end)]);

describe('calendar', () => {
  test('days turn into dates and back', () => {
    const dates = ['1899-12-31', '1970-01-01', '2000-02-29', '2024-02-29', '2025-06-30'];
    expect(dates.map((iso) => isoDay(dayOf(iso)))).toEqual(dates);
    expect(isoMoment(dayOf('2025-06-30'), 545)).toBe('2025-06-30T09:05:00Z');
    expect(() => dayOf('2025-13-01')).toThrow('Not a date');
  });

  test('periods of a monthly rule adjoin, start in January and count from the first day of the program', () => {
    expect(dated('FREQ=MONTHLY;INTERVAL=2', '2024-01-01', '2024-04-30', '2024-07-01')).toEqual([
      [2, '2024-03-01', '2024-04-30'],
      [3, '2024-05-01', '2024-06-30'],
      [4, '2024-07-01', '2024-08-31'],
    ]);
  });

  test('periods of a yearly rule last until the next of its months', () => {
    expect(dated('FREQ=YEARLY;BYMONTH=1,5,9', '2024-01-01', '2024-06-01', '2025-02-01')).toEqual([
      [2, '2024-05-01', '2024-08-31'],
      [3, '2024-09-01', '2024-12-31'],
      [4, '2025-01-01', '2025-04-30'],
    ]);
    expect(dated('FREQ=YEARLY;BYMONTH=7', '2023-07-01', '2025-01-01', '2025-06-30')).toEqual([[2, '2024-07-01', '2025-06-30']]);
  });
});

import { HOP_LIFETIME } from '@commonweal/schema';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Replays } from './replays.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const seconds = (n: number) => vi.advanceTimersByTime(n * 1000);

it('an id is met for the first time once, for as long as its token may live, whenever that began', () => {
  for (let age = 0; age <= 90; age += 5) {
    const replays = new Replays();
    replays.firstTime('the one before');
    seconds(age);
    expect(replays.firstTime('the one')).toBe(true);
    // Tokens may be five seconds from the future, as clocks differ.
    for (let lived = 0; lived < HOP_LIFETIME + 5; lived += 1) {
      expect([age, lived, replays.firstTime('the one')]).toEqual([age, lived, false]);
      seconds(1);
      replays.firstTime(`another, ${lived} seconds later`);
    }
  }
});

it('an id is forgotten when its token is long over, so that they do not pile up', () => {
  const replays = new Replays();
  replays.firstTime('the one');
  for (let turn = 0; turn < 3; turn += 1) {
    seconds(41);
    replays.firstTime(`${turn}`);
  }
  expect(replays.firstTime('the one')).toBe(true);
});

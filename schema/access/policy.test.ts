import { expect, it } from 'vitest';
import { nextPolicyChange, type PolicySnapshot, type SharingPolicy } from './policy.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
/** Seconds until the next change for the office; each policy as consumer, beginning and end, in seconds from now. */
function secondsToChange(...policies: [consumer: string, from: number, until: number | null][]): number {
  const written = policies.map(([consumer, from, until]) => ({
    consumer,
    validFrom: at(from),
    validUntil: until === null ? null : at(until),
  }));
  const snapshot = { epoch: 1, consumers: {}, policies: written as SharingPolicy[] } satisfies PolicySnapshot;
  return (nextPolicyChange(snapshot, 'office', NOW) - NOW) / 1000;
}

it('the next change is the first moment after now at which a policy of the consumer begins or ends', () => {
  expect(secondsToChange()).toBe(Number.POSITIVE_INFINITY);
  expect(secondsToChange(['office', -10, null])).toBe(Number.POSITIVE_INFINITY);
  expect(secondsToChange(['office', -10, 20])).toBe(20);
  expect(secondsToChange(['office', 5, 20])).toBe(5);
  expect(secondsToChange(['office', -10, 20], ['office', -10, 7], ['office', -10, 30])).toBe(7);
  expect(secondsToChange(['office', -10, 20], ['other', -10, 7])).toBe(20);
  expect(secondsToChange(['office', 0, 20], ['office', -10, 0])).toBe(20);
});

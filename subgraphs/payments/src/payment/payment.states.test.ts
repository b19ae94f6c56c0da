import { expect, it } from 'vitest';
import { mayFollow, REPORTED } from './payment.states.ts';

it('a payment that did not arrive may be sent again, one that did may be taken back, and one that is over stays so', () => {
  const anything = ['SENT', 'DELIVERED', 'PARTIALLY_DELIVERED', 'NOT_DELIVERED', 'FAILED'];
  const following = (state: string) => REPORTED.filter((next) => mayFollow(state, next));
  expect(following('PENDING')).toEqual(anything);
  expect(following('SENT')).toEqual(anything);
  expect(following('NOT_DELIVERED')).toEqual(anything.filter((s) => s !== 'NOT_DELIVERED'));
  expect(following('FAILED')).toEqual(anything.filter((s) => s !== 'FAILED'));
  expect(following('PARTIALLY_DELIVERED')).toEqual(['DELIVERED', 'PARTIALLY_DELIVERED', 'REVERSED']);
  expect(following('DELIVERED')).toEqual(['REVERSED']);
  for (const over of ['REVERSED', 'CANCELLED', 'NO_SUCH_STATE']) expect(following(over)).toEqual([]);
});

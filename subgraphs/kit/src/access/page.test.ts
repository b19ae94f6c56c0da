import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Context } from '../graph/context.ts';
import { boundTo, type ListSpec } from './page.ts';

/** To what the cursors of a list are bound, for a caller who lists persons but for what is said. */
function bound(who: { consumer?: string; user?: string; purpose?: string } = {}, list: Partial<ListSpec> = {}, parent?: string): string {
  const { consumer = 'bank', user = 'clerk', purpose = 'PAYMENT_DELIVERY' } = who;
  const context = { decision: { consumer, purpose }, principal: { user } } as Context;
  const spec = { name: 'Query.persons', entity: { key: sql`id` } as ListSpec['entity'], order: [], ...list };
  return boundTo(context, spec, parent);
}

it('a cursor is of one consumer, user, purpose, list, parent, filter and direction', () => {
  const others = [
    bound({ consumer: 'clinic' }),
    bound({ user: 'another' }),
    bound({ purpose: 'SERVICE_VERIFICATION' }),
    bound({}, { name: 'Query.payments' }),
    bound({}, {}, 'person-1'),
    bound({}, { filter: { program: 'HSNP' } }),
    bound({}, { descending: true }),
  ];
  expect(new Set([bound(), ...others]).size).toBe(8);
  expect(bound({}, { filter: null, descending: false }, '')).toBe(bound());
});

import { queryObjects } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { Notices } from './notices.ts';
import type { RegistryEvent } from './outbox.ts';

/** Notices to one receiver that refuses the first deliveries. */
function refusing(times: number) {
  const got: RegistryEvent[] = [];
  const lost: unknown[] = [];
  let refusals = 0;
  const receive = async (events: readonly RegistryEvent[]) => {
    got.push(...events);
    if (refusals++ < times) throw new Error('not now');
  };
  return { notices: new Notices([{ name: 'persons', receive }], (error) => lost.push(error)), got, lost };
}

describe('notices', () => {
  it('go together, each type as one event', async () => {
    const { notices, got } = refusing(0);
    for (const item of [1, 2, 3]) notices.add({ to: 'persons', type: 'seen', item });
    notices.add({ to: 'persons', type: 'heard', item: 4 });
    await notices.stop();
    expect(got.map(({ type, payload }) => [type, payload])).toEqual([
      ['seen', { items: [1, 2, 3] }],
      ['heard', { items: [4] }],
    ]);
  });

  it('are sent again when they are refused, under the same id, so that nothing is done twice', async () => {
    const { notices, got, lost } = refusing(2);
    notices.add({ to: 'persons', type: 'seen', item: 1 });
    await notices.stop();
    expect([got.length, new Set(got.map((e) => e.id)).size, lost]).toEqual([3, 1, []]);
  });

  it('are lost at last, and that is told', async () => {
    const { notices, got, lost } = refusing(Number.POSITIVE_INFINITY);
    notices.add({ to: 'persons', type: 'seen', item: 1 });
    await notices.stop();
    expect([got.length, lost.length]).toEqual([3, 1]);
  });

  it('leave nothing behind once they are sent', async () => {
    const { notices } = refusing(0);
    const send = async (many: number) => {
      for (let i = 0; i < many; i++) {
        notices.add({ to: 'nobody', type: 'seen', item: 1 });
        await notices.stop();
      }
      return Number(queryObjects(Array));
    };
    const before = await send(10);
    expect(await send(3000)).toBeLessThan(before + 1000);
  });
});

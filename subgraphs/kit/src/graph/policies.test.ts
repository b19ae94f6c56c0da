import { type PolicySnapshot, personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testCatalog } from '../testing.ts';
import { PolicyCopy } from './policies.ts';

const catalog = testCatalog();
afterEach(() => void vi.useRealTimers());
const state = (epoch: number): PolicySnapshot => ({ epoch, consumers: {}, policies: [] });

/** A copy over a registrar that answers what a test puts into `said`. */
function copyOf(first: PolicySnapshot) {
  const told = { said: first as PolicySnapshot | null };
  const copy = new PolicyCopy({ policies: async () => told.said, audit: async () => {} }, catalog);
  return { copy, told };
}

describe("a registry's copy of the policies", () => {
  it('never goes back to a state from before, whoever answers with one', async () => {
    const { copy, told } = copyOf(state(9));
    await copy.refresh();
    told.said = state(10);
    await copy.refresh();
    told.said = state(9);
    await copy.refresh();
    expect((await copy.current())?.epoch).toBe(10);
    expect((await copy.at(10))?.epoch).toBe(10);
  });

  it('uses the state before for requests that began under it, and none that it never had', async () => {
    const { copy, told } = copyOf(state(1));
    await copy.refresh();
    told.said = state(2);
    await copy.refresh();
    expect((await copy.at(1))?.epoch).toBe(1);
    expect(await copy.at(0)).toBeNull();
    expect(await copy.at(3)).toBeNull();
  });

  it('is of no use when nothing was heard for five seconds, and again as soon as something is', async () => {
    vi.useFakeTimers();
    const { copy, told } = copyOf(state(1));
    await copy.refresh();
    told.said = null;
    vi.advanceTimersByTime(5000);
    expect([copy.isFresh, (await copy.current())?.epoch]).toEqual([true, 1]);
    vi.advanceTimersByTime(1);
    expect([copy.isFresh, await copy.current(), await copy.at(1)]).toEqual([false, null, null]);
    await copy.refresh();
    expect([copy.isFresh, (await copy.current())?.epoch]).toEqual([true, 1]);
  });

  it('uses the state before for a second, and asks anew when told of one that it does not have', async () => {
    vi.useFakeTimers();
    const { copy, told } = copyOf(state(1));
    await copy.refresh();
    told.said = state(2);
    expect((await copy.at(2))?.epoch).toBe(2);
    vi.advanceTimersByTime(999);
    expect((await copy.at(1))?.epoch).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await copy.at(1)).toBeNull();
  });

  it('remembers a decision no longer than until a policy begins or ends', async () => {
    vi.useFakeTimers({ now: new Date('2026-06-01T00:00:00Z') });
    const all = referenceSnapshot({ programs: {}, providers: {} });
    const until = '2026-06-01T00:00:10Z';
    const { copy } = copyOf({ ...all, policies: all.policies.map((p) => (p.consumer === 'bank' ? { ...p, validUntil: until } : p)) });
    await copy.refresh();
    const snapshot = (await copy.current())!;
    const given = () => copy.decide(snapshot, personaPrincipal('bank')).decision.alternatives.length;
    expect(given()).toBe(1);
    vi.advanceTimersByTime(9999);
    expect(given()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(given()).toBe(0);
  });

  it('decides the same for the same caller, once', async () => {
    const { copy } = copyOf(state(1));
    await copy.refresh();
    const snapshot = (await copy.current())!;
    expect(copy.decide(snapshot, personaPrincipal('bank'))).toBe(copy.decide(snapshot, personaPrincipal('bank')));
    expect(copy.decide(snapshot, personaPrincipal('bank'))).not.toBe(copy.decide(snapshot, personaPrincipal('clinic')));
  });
});

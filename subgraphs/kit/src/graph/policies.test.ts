import { type PolicySnapshot, personaPrincipal } from '@commonweal/schema';
import { describe, expect, it } from 'vitest';
import { testCatalog } from '../testing.ts';
import { PolicyCopy } from './policies.ts';

const catalog = testCatalog();
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

  it('decides the same for the same caller, once', async () => {
    const { copy } = copyOf(state(1));
    await copy.refresh();
    const snapshot = (await copy.current())!;
    expect(copy.decide(snapshot, personaPrincipal('bank'))).toBe(copy.decide(snapshot, personaPrincipal('bank')));
    expect(copy.decide(snapshot, personaPrincipal('bank'))).not.toBe(copy.decide(snapshot, personaPrincipal('clinic')));
  });
});

import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type PolicySnapshot, personaPrincipal, referenceSnapshot, type SharingPolicy } from '../index.ts';
import { buildCatalog } from './catalog.ts';
import { decide } from './decider.ts';
import type { Principal } from './principal.ts';

/** What a decision is remembered by: plans by its shape, statements and shared answers by its digest. Two callers with one digest are given the same. */
const catalog = buildCatalog(parse(readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8')));
const PROGRAMS = { OPCT: '00000000-0000-4000-8000-000000000001', HSNP: '00000000-0000-4000-8000-000000000002' };
const base = referenceSnapshot({ programs: PROGRAMS, providers: { HIGHLAND: '00000000-0000-4000-8000-000000000003' } });
const NOW = new Date('2026-01-01T00:00:00Z');
const worker = personaPrincipal('case-worker');
const decided = (principal: Principal = worker, snapshot: PolicySnapshot = base) => decide(catalog, snapshot, principal, NOW);
/** The reference with something else in the policy of the case workers. */
const changed = (change: Partial<SharingPolicy>): PolicySnapshot => ({
  ...base,
  policies: base.policies.map((p) => (p.consumer === worker.consumer ? { ...p, ...change } : p)),
});
const policy = base.policies.find((p) => p.consumer === worker.consumer)!;

describe('two decisions have different digests', () => {
  it.each<[string, Partial<SharingPolicy>]>([
    ['areas', { areas: ['KE.23.01'] }],
    ['programs', { programs: PROGRAMS }],
    ['ordinary programs', { allOrdinaryPrograms: false }],
    ['providers', { providers: ['00000000-0000-4000-8000-000000000009'] }],
    ['all providers', { allProviders: false }],
    ['whose person', { selfOnly: true }],
    ['classes that need consent', { consentClasses: [...policy.consentClasses, 'CONTACT'] }],
    ['whether a row needs consent', { consentForRows: true }],
  ])('that differ only in rows or consent: %s', (_, change) => {
    const [one, other] = [decided(), decided(worker, changed(change))];
    expect(other.digest).not.toBe(one.digest);
    // The same fields: they may share a plan.
    expect(other.shape).toBe(one.shape);
  });

  it.each<[string, Partial<SharingPolicy>]>([
    ['classes', { grants: { ...policy.grants, CONTACT: ['WRITE'] } }],
    ['uses', { grants: { ...policy.grants, NAME: ['READ'] } }],
    ['single fields', { fieldsOnly: { CONTACT: ['Person.phones'] } }],
    ['actions', { actions: policy.actions.slice(1) }],
    ['how a refusal is told', { disclosure: 'HIDE' }],
  ])('and different plans, where they differ in fields, uses or words: %s', (_, change) => {
    const [one, other] = [decided(), decided(worker, changed(change))];
    expect([other.digest === one.digest, other.shape === one.shape]).toEqual([false, false]);
  });

  it.each<[string, Partial<Principal>]>([
    ['confined to other areas', { areas: ['KE.23.01'] }],
    ['confined to programs', { programs: ['OPCT'] }],
    ['with other uses', { scopes: ['read'] }],
  ])('where the token differs: %s', (_, change) => {
    expect(decided({ ...worker, ...change }).digest).not.toBe(decided().digest);
  });

  it('where the person differs, the consumer, the purpose or the state of the policies', () => {
    const digests = [
      decided(personaPrincipal('beneficiary', { person: '00000000-0000-4000-8000-00000000000a' })),
      decided(personaPrincipal('beneficiary', { person: '00000000-0000-4000-8000-00000000000b' })),
      decided(personaPrincipal('program-admin')),
      decided(personaPrincipal('program-admin', { purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY' })),
      decided(personaPrincipal('program-admin-2')),
      decided(personaPrincipal('program-admin'), { ...base, epoch: base.epoch + 1 }),
    ].map((d) => d.digest);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

it('whoever is given nothing has a digest of their own, and the plans of nothing', () => {
  const [one, other] = ['nobody', 'somebody'].map((consumer) => decided({ ...worker, consumer }));
  expect([one!.alternatives, other!.alternatives, one!.shape === other!.shape, one!.digest === other!.digest]).toEqual([
    [],
    [],
    true,
    false,
  ]);
});

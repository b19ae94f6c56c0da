import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildCatalog } from './catalog.ts';
import type { AccessClass, AccessUse, ConsumerKind } from './classes.ts';
import { type Decision, decide, whyNothing } from './decider.ts';
import type { SharingPolicy } from './policy.ts';
import type { Consumer, Principal } from './principal.ts';
import { rightsOf } from './rights.ts';

const catalog = buildCatalog(parse(readFileSync(new URL('../supergraph.graphql', import.meta.url), 'utf8')));
const NOW = new Date('2026-06-01T12:00:00Z');

/** Nothing but the names, everywhere, for the management of programs. */
const POLICY: SharingPolicy = {
  id: 'policy-1',
  consumer: 'office',
  purpose: 'PROGRAM_MANAGEMENT',
  lawfulBasis: 'PUBLIC_TASK',
  agreement: null,
  areas: ['KE'],
  programs: { HSNP: 'id-hsnp', OPCT: 'id-opct' },
  allOrdinaryPrograms: false,
  providers: [],
  allProviders: false,
  selfOnly: false,
  grants: { NAME: ['READ'] },
  fieldsOnly: {},
  actions: [],
  consentClasses: [],
  consentForRows: false,
  disclosure: 'DENY',
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: null,
};
const OFFICER: Principal = {
  consumer: 'office',
  user: 'officer-1',
  purpose: 'PROGRAM_MANAGEMENT',
  scopes: ['read', 'filter'],
  person: null,
  areas: null,
  programs: null,
};
const office = (kind: ConsumerKind, more: Partial<Consumer> = {}): Consumer => ({
  ...{ id: 'office', kind, name: 'An office', outsideGovernment: false, provider: null, suspended: false, operations: 'ANY' },
  ...more,
});
interface Given {
  readonly kind?: ConsumerKind;
  readonly consumer?: Partial<Consumer>;
  readonly principal?: Partial<Principal>;
  readonly epoch?: number;
}
const decided = (policies: readonly Partial<SharingPolicy>[], given: Given = {}): Decision =>
  decide(
    catalog,
    {
      epoch: given.epoch ?? 1,
      consumers: { office: office(given.kind ?? 'program_admin', given.consumer) },
      policies: policies.map((p) => ({ ...POLICY, ...p })),
    },
    { ...OFFICER, ...given.principal },
    NOW,
  );
const uses = (decision: Decision, coordinate: string): AccessUse[] =>
  (['READ', 'FILTER', 'VERIFY', 'WRITE'] as const).filter((u) => rightsOf(catalog, decision).use(coordinate, u));

describe('what a policy gives', () => {
  it('holds from its first moment, until its last', () => {
    const holds = (validFrom: string, validUntil: string | null) => decided([{ validFrom, validUntil }]).alternatives.length === 1;
    expect(holds('2026-06-01T12:00:00Z', null)).toBe(true);
    expect(holds('2026-06-01T12:00:01Z', null)).toBe(false);
    expect(holds('2026-01-01T00:00:00Z', '2026-06-01T12:00:01Z')).toBe(true);
    expect(holds('2026-01-01T00:00:00Z', '2026-06-01T12:00:00Z')).toBe(false);
  });

  it('is for its consumer, its purpose and those below, never above or beside', () => {
    expect(decided([{ consumer: 'other' }]).alternatives).toEqual([]);
    expect(decided([{}], { principal: { purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY' } }).alternatives).toHaveLength(1);
    expect(decided([{ purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY' }]).alternatives).toEqual([]);
    expect(decided([{ purpose: 'CASE_MANAGEMENT' }]).alternatives).toEqual([]);
  });

  it('is what ceiling, policy and token all give', () => {
    const grants = { NAME: ['READ', 'FILTER', 'WRITE'] } as const;
    expect(uses(decided([{ grants }]), 'Person.name')).toEqual(['READ', 'FILTER']);
    expect(uses(decided([{ grants }], { principal: { scopes: ['read'] } }), 'Person.name')).toEqual(['READ']);
    expect(uses(decided([{ grants }], { principal: { scopes: ['READ', 'rea', 'readable'] } }), 'Person.name')).toEqual([]);
    expect(uses(decided([{ grants }]), 'Person.phones')).toEqual([]);
  });

  it('is less where a policy names the fields of a class, or the ceiling does, or leaves one out', () => {
    const grants = { NAME: ['READ'], ACCOUNT: ['READ'] } as const;
    const narrowed = decided([{ grants, fieldsOnly: { NAME: ['PersonName.full'] } }]);
    expect([uses(narrowed, 'PersonName.full'), uses(narrowed, 'PersonName.surname')]).toEqual([['READ'], []]);
    const whole = decided([{ grants }]);
    expect([uses(whole, 'Account.maskedNumber'), uses(whole, 'Account.number')]).toEqual([['READ'], []]);
    const clinic = decided([{ purpose: 'HEALTH_SERVICE', grants: { DEMOGRAPHIC: ['VERIFY'] } }], {
      kind: 'service_provider',
      principal: { purpose: 'HEALTH_SERVICE', scopes: ['verify'] },
    });
    expect([uses(clinic, 'Person.birthDate'), uses(clinic, 'Person.sex')]).toEqual([['VERIFY'], []]);
  });

  it('has the actions that the ceiling has too, and asks for consent where either of them does', () => {
    const [a] = decided([{ actions: ['enrollment.enroll', 'payment.record'], consentClasses: ['SCORE'] }]).alternatives;
    expect([...a!.actions]).toEqual(['enrollment.enroll']);
    expect([...a!.consentClasses].sort()).toEqual(['DISABILITY', 'HEALTH', 'SCORE']);
  });

  it('stays apart from what another policy gives', () => {
    const both = decided([
      { grants: { NAME: ['READ'] }, areas: ['KE.23'] },
      { grants: { CONTACT: ['READ'] }, areas: ['KE.47'] },
    ]);
    const field = (coordinate: string) => catalog.fields.get(coordinate)!.index;
    expect(
      both.alternatives.map((a) => [a.rows.areas, a.uses.READ.has(field('Person.name')), a.uses.READ.has(field('Person.phones'))]),
    ).toEqual([
      [['KE.23'], true, false],
      [['KE.47'], false, true],
    ]);
  });
});

describe('the rows of a policy', () => {
  const rows = (policy: Partial<SharingPolicy>, given: Given = {}) => decided([policy], given).alternatives[0]!.rows;

  it('are those of the areas that policy and token both cover', () => {
    const areas = (policy: string[], token: string[] | null) => rows({ areas: policy }, { principal: { areas: token } }).areas;
    expect(areas(['KE.47', 'KE.23'], null)).toEqual(['KE.23', 'KE.47']);
    expect(areas(['KE'], ['KE.23.01', 'KE.47'])).toEqual(['KE.23.01', 'KE.47']);
    expect(areas(['KE.23.01'], ['KE'])).toEqual(['KE.23.01']);
    expect(areas(['KE.2'], ['KE.23', 'UG'])).toEqual([]);
    expect(areas(['KE'], [])).toEqual([]);
  });

  it('are those of the programs that policy and token both name', () => {
    const policy = { allOrdinaryPrograms: true };
    expect(rows(policy)).toMatchObject({ programs: ['id-hsnp', 'id-opct'], allOrdinaryPrograms: true });
    expect(rows(policy, { principal: { programs: ['OPCT', 'CASH'] } })).toMatchObject({
      programs: ['id-opct'],
      allOrdinaryPrograms: false,
    });
    expect(rows(policy, { principal: { programs: [] } })).toMatchObject({ programs: [], allOrdinaryPrograms: false });
  });

  it('are those about one person where policy or ceiling says so, and about nobody when the token names none', () => {
    expect(rows({})).toMatchObject({ self: null });
    expect(rows({ selfOnly: true }, { principal: { person: 'person-1' } })).toMatchObject({ self: 'person-1' });
    expect(rows({ selfOnly: true })).toMatchObject({ self: 'nobody' });
    const citizen = { kind: 'beneficiary', principal: { purpose: 'SELF_SERVICE', person: 'person-1' } } as const;
    expect(rows({ purpose: 'SELF_SERVICE' }, citizen)).toMatchObject({ self: 'person-1' });
  });
});

describe('nothing at all', () => {
  const why = (kind: ConsumerKind, principal: Partial<Principal> = {}, consumer: Partial<Consumer> = {}) =>
    whyNothing(office(kind, consumer), { ...OFFICER, ...principal });

  it('is given to whom a policy alone would give much', () => {
    expect(why('program_admin')).toBeNull();
    expect(whyNothing(undefined, OFFICER)).toBe('UNKNOWN_CONSUMER');
    expect(why('landlord' as ConsumerKind)).toBe('UNKNOWN_CONSUMER');
    expect(why('program_admin', {}, { suspended: true })).toBe('SUSPENDED');
    expect(why('program_admin', { purpose: 'SALE' })).toBe('UNKNOWN_PURPOSE');
    expect(why('program_admin', { purpose: 'CASE_MANAGEMENT' })).toBe('PURPOSE_ABOVE_CEILING');
    expect(why('case_worker', { purpose: 'CASE_MANAGEMENT' })).toBe('CLAIM_MISSING');
    expect(why('case_worker', { purpose: 'CASE_MANAGEMENT', areas: ['KE'] })).toBeNull();
    expect(why('beneficiary', { purpose: 'SELF_SERVICE' })).toBe('CLAIM_MISSING');
    const cut = decided([{}], { consumer: { suspended: true } });
    expect([cut.alternatives, cut.disclosure]).toEqual([[], 'HIDE']);
    expect(decided([{ consumer: 'toString' }], { principal: { consumer: 'toString' } })).toMatchObject({
      alternatives: [],
      kind: 'anonymous',
      referenceGroup: 'toString',
    });
  });
});

describe('what may not be seen', () => {
  it('is refused openly only where the ceiling and each policy that holds allow that', () => {
    expect(decided([{}]).disclosure).toBe('DENY');
    expect(decided([{}, { id: 'policy-2', disclosure: 'HIDE' }]).disclosure).toBe('HIDE');
    expect(decided([{}, { id: 'policy-2', disclosure: 'HIDE', validUntil: '2026-02-01T00:00:00Z' }]).disclosure).toBe('DENY');
    expect(decided([{}, { id: 'policy-2', disclosure: 'HIDE', consumer: 'other' }]).disclosure).toBe('DENY');
    expect(decided([{ purpose: 'POLICY' }], { kind: 'official', principal: { purpose: 'POLICY' } }).disclosure).toBe('HIDE');
  });
});

describe('two decisions', () => {
  const changes: [what: string, policy: Partial<SharingPolicy>, given?: Given][] = [
    ['areas', { areas: ['KE.23'] }],
    ['programs', { programs: { HSNP: 'id-hsnp' } }],
    ['all ordinary programs', { allOrdinaryPrograms: true }],
    ['providers', { providers: ['bank'] }],
    ['all providers', { allProviders: true }],
    ['the person', { selfOnly: true }],
    ['the consent that rows need', { consentForRows: true }],
    ['the consent that a class needs', { consentClasses: ['NAME'] }],
    ['the policy', { id: 'policy-2' }],
    ['the epoch', {}, { epoch: 2 }],
    ['the purpose', {}, { principal: { purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY' } }],
    ['whose references they see', {}, { consumer: { outsideGovernment: true } }],
  ];
  it.each(changes)('that differ only by %s have different digests, and the same shape', (_what, policy, given) => {
    const [one, other] = [decided([{}]), decided([policy], given)];
    expect(other.digest).not.toBe(one.digest);
    expect(other.shape).toBe(one.shape);
  });

  it.each([
    ['fields', { grants: { CONTACT: ['READ'] } }],
    ['uses', { grants: { NAME: ['FILTER'] } }],
    ['actions', { actions: ['enrollment.enroll'] }],
    ['disclosure', { disclosure: 'HIDE' }],
  ] satisfies [string, Partial<SharingPolicy>][])('that differ by %s have different digests and shapes', (_what, policy) => {
    const [one, other] = [decided([{}]), decided([policy])];
    expect(other.digest).not.toBe(one.digest);
    expect(other.shape).not.toBe(one.shape);
  });

  it('of two users with the same rights are one, and so are those of policies that list the same in another order', () => {
    expect(decided([{}], { principal: { user: 'officer-2' } }).digest).toBe(decided([{}]).digest);
    const lists = (turn: <T>(list: T[]) => T[]) =>
      decided([
        {
          areas: turn(['KE.23', 'KE.47']),
          programs: Object.fromEntries(turn(Object.entries(POLICY.programs))),
          providers: turn(['a', 'b']),
          actions: turn(['enrollment.enroll', 'enrollment.change']),
          consentClasses: turn<AccessClass>(['NAME', 'SCORE']),
        },
      ]).digest;
    expect(lists((list) => list)).toBe(lists((list) => [...list].reverse()));
  });
});

import { readFileSync } from 'node:fs';
import { buildCatalog, CEILINGS, CONSUMER_KINDS, decide, type PolicySnapshot, rightsOf } from '@commonweal/schema';
import { buildClientSchema, buildSchema, getIntrospectionQuery, parse, printSchema, validateSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prune } from '../access/prune.ts';
import { ANALYST, BANK, CASE_WORKER, policy, principal, SNAPSHOT, STRANGER } from '../graph.fake/consumers.ts';
import { codes, type System, startSystem } from '../graph.fake/system.ts';

const read = (name: string) => readFileSync(new URL(`../../../schema/${name}`, import.meta.url), 'utf8');

describe('questions about the schema', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  it('are answered from what the caller may know', async () => {
    const reply = await system.as(STRANGER)(getIntrospectionQuery());
    expect(printSchema(buildClientSchema(reply.data)).match(/^(type|enum|input|interface|scalar) \w+/gm)).toMatchInlineSnapshot(`
      [
        "type Program",
        "interface Node",
        "enum ProgramType",
        "enum ProgramTarget",
        "enum BenefitType",
        "type Money",
        "scalar Decimal",
        "enum ProgramStatus",
        "scalar Date",
        "type ProgramCompatibility",
        "enum CompatibilityVerdict",
        "type CycleConnection",
        "type Cycle",
        "enum CycleStatus",
        "type PageInfo",
        "type Query",
        "type ProcessingAgreementConnection",
        "type ProcessingAgreement",
        "enum LawfulBasis",
        "enum ConsentCategory",
        "type Area",
        "enum AreaLevel",
        "type AreaConnection",
        "type ProgramConnection",
        "input ProgramFilter",
      ]
    `);
  });

  it('at the top, aliased, in fragments, among data, twice: always the same part, in the order asked for', async () => {
    const reply = await system.as(BANK)(
      'query ($t: String!) { b: person(id: "person-1") { id } ...S a: __type(name: $t) { name } __typename ... { c: __type(name: "AccessLogEntry") { name } } node(id: "payment-1") { __typename } } fragment S on Query { s: __schema { queryType { fields { name } } } }',
      { variables: { t: 'PersonFilter' } },
    );
    expect(Object.keys(reply.data)).toEqual(['b', 's', 'a', '__typename', 'c', 'node']);
    expect([reply.data.a, reply.data.c, reply.data.node]).toEqual([null, null, { __typename: 'Payment' }]);
    const names = reply.data.s.queryType.fields.map((f: { name: string }) => f.name);
    expect(names).toContain('payments');
    expect(names).not.toContain('accessLog');
  });

  it('tell a government user what it may see, not what exists', async () => {
    const reply = await system.as(CASE_WORKER)(
      '{ __type(name: "Person") { fields { name args { name } } } person(id: "person-1") { phones } __schema { mutationType { fields { name } } } }',
    );
    const names = reply.data.__type.fields.map((f: { name: string }) => f.name);
    expect(names).toContain('name');
    expect(names).not.toContain('phones');
    expect(reply.data.person).toEqual({ phones: null });
    expect(reply.data.__schema.mutationType.fields).toEqual([
      { name: 'registerPerson' },
      { name: 'registerHousehold' },
      { name: 'changeMembership' },
    ]);
    expect(codes(reply)).toEqual(['FORBIDDEN_FIELD']);
  });

  it('keep the order of what is asked for, in which nothing that is skipped has a place', async () => {
    const reply = await system.as(BANK)(
      'query ($v: Boolean = true) { person(id: "person-1") @skip(if: $v) { id } ...T __type(name: "Person") { name } person(id: "person-1") { __typename } ... @include(if: $v) { a: __typename } ...T } fragment T on Query { b: __typename @skip(if: $v) t: __schema @skip(if: $v) { __typename } a: __typename @skip(if: $v) }',
    );
    expect(Object.keys(reply.data)).toEqual(['__type', 'person', 'a']);
  });

  it('are skipped with @skip, and reach no registry', async () => {
    const reply = await system.as(ANALYST)('query ($v: Boolean = true) { __schema @skip(if: $v) { queryType { name } } __typename }');
    expect([reply.data, reply.fetches]).toEqual([{ __typename: 'Query' }, []]);
  });

  it('hide inputs and enum values that may not be used', async () => {
    const reply = await system.as(CASE_WORKER)(
      '{ filter: __type(name: "PersonFilter") { inputFields { name } } order: __type(name: "PersonOrderField") { enumValues { name } } none: __type(name: "HouseholdOrder") { name } access: __type(name: "AccessClass") { name } }',
    );
    expect(reply.data.filter.inputFields.map((f: { name: string }) => f.name)).toEqual([
      'area',
      'sex',
      'ageBand',
      'status',
      'surnameStartsWith',
      'and',
      'or',
      'not',
    ]);
    expect([reply.data.order.enumValues, reply.data.none, reply.data.access]).toEqual([[{ name: 'SURNAME' }], null, null]);
  });
});

describe('the part of the graph that one profile may know', () => {
  const catalog = buildCatalog(parse(read('supergraph.graphql')));
  const api = buildSchema(read('api.graphql'));
  const seenBy = (snapshot: PolicySnapshot, of: string, purpose: string) => {
    const decision = decide(catalog, snapshot, principal(of, purpose, { areas: ['KE'], programs: [], person: 'p' }), new Date());
    return { decision, schema: prune(api, catalog, rightsOf(catalog, decision)) };
  };

  it.each(CONSUMER_KINDS)('is a valid schema with everything that a %s can ever be given', (kind) => {
    const ceiling = CEILINGS[kind];
    for (const purpose of ceiling.purposes) {
      const { schema } = seenBy(
        {
          epoch: 1,
          consumers: { x: { id: 'x', kind, name: 'x', outsideGovernment: false, provider: null, suspended: false, operations: 'ANY' } },
          policies: [policy('p', 'x', purpose, ceiling.uses, { actions: ceiling.actions })],
        },
        'x',
        purpose,
      );
      expect(schema && validateSchema(schema)).toEqual([]);
    }
  });

  it('is a valid schema with any one class and use alone, and nothing in it leads to what is not permitted', () => {
    for (const cls of Object.keys(CEILINGS.case_worker.uses)) {
      for (const use of ['READ', 'FILTER', 'SORT', 'WRITE'] as const) {
        const { schema, decision } = seenBy(
          {
            ...SNAPSHOT,
            policies: [policy('p', 'district', 'CASE_MANAGEMENT', { [cls]: [use] }, { actions: CEILINGS.case_worker.actions })],
          },
          'district',
          'CASE_MANAGEMENT',
        );
        if (!schema) continue;
        expect(validateSchema(schema)).toEqual([]);
        const rights = rightsOf(catalog, decision);
        const shown = Object.values(schema.getTypeMap()).flatMap((t) =>
          'getFields' in t && catalog.types.has(t.name) ? Object.keys(t.getFields()).map((f) => `${t.name}.${f}`) : [],
        );
        expect(shown.filter((coordinate) => !rights.field(coordinate))).toEqual([]);
      }
    }
  });

  it('is nothing where nothing is permitted', () => {
    const { schema } = seenBy(
      { ...SNAPSHOT, policies: [policy('p', 'district', 'CASE_MANAGEMENT', { OPEN: [] })] },
      'district',
      'CASE_MANAGEMENT',
    );
    expect(schema).toBeNull();
  });
});

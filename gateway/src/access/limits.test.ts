import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BANK, CASE_WORKER } from '../graph.fake/consumers.ts';
import { codes, type System, startSystem } from '../graph.fake/system.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const times = (n: number, part: (i: number) => string) => Array.from({ length: n }, (_, i) => part(i)).join(' ');
const nested = (n: number, open: string, inner: string) => `${open.repeat(n)}${inner}${' }'.repeat(n)}`;
const fragmentsDoubling = (n: number) =>
  `{ me { ...F0 } } ${times(n, (i) => `fragment F${i} on Person { ...F${i + 1} ...F${i + 1} }`)} fragment F${n} on Person { id }`;

/** Bombs, each with what must come back. With the token limit on and off: what is small in tokens must be caught by the other limits. */
const BOMBS: readonly [string, string][] = [
  ['5,000 aliases', `{ ${times(5000, (i) => `a${i}: me { id }`)} }`],
  ['60 aliases', `{ me { ${times(60, (i) => `a${i}: id`)} } }`],
  ['3,000 times one field', `{ me { ${times(3000, () => 'id')} } }`],
  ['100 times one field', `{ me { ${times(100, () => 'id')} } }`],
  [
    '1,000 levels',
    `{ ${nested(1000, 'household { head { ', 'id').replace('household', 'me: household')} }`.replace(/ }$/, ' }'.repeat(1001)),
  ],
  ['20 levels', `{ me { ${nested(10, 'household { head { ', 'id')}${' }'.repeat(10)} } }`],
  [
    'levels hidden in fragments',
    `{ me { ...A } } fragment A on Person { household { head { household { head { household { head { ...B } } } } } } } fragment B on Person { household { head { household { head { household { head { household { head { id } } } } } } } } }`,
  ],
  ['10,000 directives', `{ me ${times(10_000, () => '@skip(if: false)')} { id } }`],
  ['60 directives', `{ me { id ${times(60, () => '@a')} } }`],
  ['fragments that double 30 times', fragmentsDoubling(30)],
  ['fragments that double 150 times', fragmentsDoubling(150)],
  ['fragments that contain themselves', '{ me { ...A } } fragment A on Person { ...B } fragment B on Person { id ...A }'],
  ['a fragment that contains itself and is not used', '{ me { id } } fragment A on Person { id ...A }'],
  ['fragments that double 40 times and hold nothing', fragmentsDoubling(40).replace('{ id }', '{ ...None }')],
  [
    'lookups of things of any kind',
    `{ ${times(8, (i) => `n${i}: node(id: "person-${i}") { id __typename ... on Person { sex } ... on Enrollment { status person { household { size } } } }`)} }`,
  ],
  ['12 fields at the top', `{ ${times(12, (i) => `me${i}: me { id }`)} }`],
  ['12 fields at the top through a fragment', `{ ...T } fragment T on Query { ${times(12, (i) => `me${i}: me { id }`)} }`],
  ['pages in pages', '{ persons(first: 100) { nodes { household { members(first: 100) { nodes { person { name { full } } } } } } } }'],
  ['an enormous page', '{ persons(first: 2000000000) { nodes { id } } }'],
  [
    'pages of unknown size in variables',
    'query ($n: Int) { persons(first: $n) { nodes { household { members(first: $n) { nodes { person { name { full } } } } } } } }',
  ],
  [
    'pages over edges and nodes',
    '{ persons(first: 100) { nodes { household { members { nodes { person { id } } } } } edges { node { household { members { nodes { person { id } } } } } } } }',
  ],
  [
    'the schema, again and again',
    `{ ${times(9, (i) => `s${i}: __schema { types { fields { args { type { name } } type { name } } inputFields { type { name } } } }`)} }`,
  ],
  [
    'the schema many times, in fragments without a name',
    `{ ${times(9, (i) => `s${i}: __schema { ... { types { ... { fields { args { type { name } } type { name } } inputFields { type { name } } } } } }`)} }`,
  ],
  [
    'the schema many times, in fragments with one',
    `{ ${times(9, (i) => `s${i}: __schema { types { ...T } }`)} } fragment T on __Type { fields { args { type { name } } type { name } } inputFields { type { name } } }`,
  ],
  ['the schema in itself', '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }'],
  ['a flood of errors', `{ me { ${times(500, (i) => `x${i}`)} } }`],
  ['a deep list', `{ area(code: ${'['.repeat(900)}${']'.repeat(900)}) { name } }`],
];

describe('an operation that would take too much', () => {
  let normal: System;
  let wide: System;
  beforeAll(async () => {
    normal = await startSystem();
    wide = await startSystem({ limits: { tokens: 200_000 } });
    for (const s of [normal, wide]) for (let i = 0; i < 30; i++) await s.as(CASE_WORKER)(`{ me { id a${i}: sex household { size } x } }`);
  });
  afterAll(async () => {
    await normal.stop();
    await wide.stop();
  });

  it.each(BOMBS)('is refused for less than 50 ms of CPU: %s', async (_name, query) => {
    for (const system of [normal, wide]) {
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 3; i++) {
        const before = process.cpuUsage();
        const reply = await system.as(CASE_WORKER)(`${query} # ${i}`);
        const used = process.cpuUsage(before);
        best = Math.min(best, (used.user + used.system) / 1000);
        expect(['LIMIT_EXCEEDED', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']).toContain(codes(reply)[0]);
        expect([reply.status, reply.errors.length <= 11]).toEqual([400, true]);
      }
      // The 5,000 aliases and the like are read by the parser before anybody can count them, where tokens are not limited.
      expect(best).toBeLessThan(system === normal ? 50 : 100);
    }
  });

  it('tells nothing of what exists: a hidden field is not dearer than one that never was', async () => {
    const ask = (name: string) => normal.as(BANK)(`{ persons(first: 100) { nodes { ${name}(first: 1000) { nodes { id } } } } }`);
    const [hidden, random] = [await ask('memberships'), await ask('xemberships')];
    expect(hidden.text.replaceAll('memberships', 'xemberships')).toBe(random.text);
  });

  it('is measured with the values of its variables', async () => {
    const query =
      'query ($n: Int = 2, $m: Int) { persons(first: $n) { nodes { household { members(first: $m) { nodes { person { name { full } } } } } } } }';
    expect((await normal.as(CASE_WORKER)(query, { variables: { m: 20 } })).status).toBe(200);
    expect((await normal.as(CASE_WORKER)(query, { variables: { n: 100, m: 20 } })).status).toBe(200);
    expect(codes(await normal.as(CASE_WORKER)(query, { variables: { n: 100, m: 100 } }))).toEqual(['LIMIT_EXCEEDED']);
    expect((await normal.as(CASE_WORKER)(query, { variables: { n: 10, m: 10 } })).status).toBe(200);
  });

  it('leaves room for what clients really send', async () => {
    const page =
      '{ persons(first: 100, filter: { sex: [FEMALE] }) { edges { cursor node { id name { given surname full } sex birthDate ageBand maritalStatus area { code name parent { name } } household { id size composition { children adults elderly } members(first: 20) { nodes { relationship person { id name { full } } } } } } } pageInfo { hasNextPage endCursor } totalCount } }';
    expect(codes(await normal.as(CASE_WORKER)(page))).not.toContain('LIMIT_EXCEEDED');
    expect(
      (
        await normal.as(CASE_WORKER)(
          getIntrospectionQuery({
            specifiedByUrl: true,
            directiveIsRepeatable: true,
            schemaDescription: true,
            inputValueDeprecation: true,
          }),
        )
      ).status,
    ).toBe(200);
    expect(DEFAULT_LIMITS.tokens).toBe(2000);
  });
});

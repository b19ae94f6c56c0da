import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Kind, parse } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { federation } from './features/federation.examples.ts';
import { PlanError } from './plan-error.ts';
import { planOperation } from './planner.ts';
import { loadSupergraph, type Supergraph } from './supergraph.ts';

const ROOT = join(import.meta.dirname, '../../..');

let product: Supergraph;
beforeAll(() => {
  product = loadSupergraph(readFileSync(join(ROOT, 'schema/supergraph.graphql'), 'utf8'));
});

describe("the product's own supergraph", () => {
  test('names its subgraphs', () => {
    expect(product.subgraphs.map((s) => s.name)).toEqual(['consent', 'payments', 'persons', 'programs']);
  });

  test.each(globSync('gateway/e2e/questions/*.graphql', { cwd: ROOT }).map((f) => [basename(f, '.graphql'), f]))(
    'answers: %s',
    (_, file) => {
      const document = parse(readFileSync(join(ROOT, file), 'utf8'));
      const names = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION).map((d) => d.name?.value);
      for (const name of names) expect(planOperation(product, document, name)).not.toBeNull();
    },
  );
});

describe('an operation', () => {
  const refusal = (text: string, name?: string) => {
    try {
      planOperation(product, parse(text), name);
    } catch (error) {
      return error instanceof PlanError ? `${error.kind}: ${error.message}` : error;
    }
    return 'planned';
  };

  test('that asks for nothing but types needs no plan', () => {
    expect(planOperation(product, parse('{ __typename a: __schema { queryType { name } } ... on Query { __typename } }'))).toBeNull();
    expect(planOperation(product, parse('{ ... @skip(if: true) { a: __typename } }'))).toBeNull();
  });

  test('is chosen by its name', () => {
    const two = 'query A { __typename } query B { __typename }';
    expect(refusal(two)).toBe('invalid: The document has several operations: say by name which of them is meant.');
    expect(refusal(two, 'C')).toBe('invalid: The document has no operation "C".');
    expect(refusal(two, 'A')).toBe('planned');
    expect(refusal('fragment F on Query { __typename }')).toBe('invalid: The document has no operation.');
  });

  test('that is no query and no mutation is refused', () => {
    expect(refusal('subscription { a }')).toBe('unsupported: Subscriptions are not supported.');
  });

  test('that asks about the schema where a field leads back to the root is refused', () => {
    const { supergraph } = federation({ a: { schema: 'type Query { back: Query a: Int }' } });
    const back = (text: string) => () => planOperation(loadSupergraph(supergraph), parse(text));
    const message = (name: string) => `"${name}" can be asked for at the root of an operation only.`;
    expect(back('{ __schema { description } back { a } }')).not.toThrow();
    expect(back('{ back { a ... on Query { __schema { description } } } }')).toThrow(message('__schema'));
    expect(back('{ back { ...F } } fragment F on Query { __type(name: "Query") { name } }')).toThrow(message('__type'));
  });

  test('that does not fit the schema is refused', () => {
    expect(refusal('{ nothing }')).toContain('invalid: ');
    expect(refusal('{ ...F } fragment F on Query { ...F }')).toBe('invalid: Fragment "F" holds itself.');
    expect(refusal('{ ...F }')).toBe('invalid: There is no fragment "F".');
  });

  test('that becomes large only when its fragments are written out is refused at once', () => {
    const fragments = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
    const started = process.cpuUsage();
    expect(refusal(`{ ...F0 } ${fragments.join('\n')} fragment F40 on Query { __typename }`)).toMatch(/^too-large: /);
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });
});

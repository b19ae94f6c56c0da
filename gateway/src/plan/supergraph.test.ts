import { expect, test } from 'vitest';
import { federation } from './features/federation.examples.ts';
import { loadSupergraph, SupergraphError } from './supergraph.ts';

const complaint = (sdl: string) => {
  try {
    loadSupergraph(sdl);
  } catch (error) {
    return error instanceof SupergraphError ? error.message : error;
  }
  return 'loaded';
};

test('says where a text is not GraphQL', () => {
  expect(complaint('type Query {\n a: }')).toBe('The supergraph is not GraphQL at line 2: Syntax Error: Expected Name, found "}".');
});

test('says when a schema is not composed', () => {
  expect(complaint('type Query { a: Int }')).toBe(
    'The text is a schema, but no supergraph: it does not say which subgraphs there are (enum join__Graph). Compose the subgraphs first.',
  );
});

test('says what a supergraph lacks', () => {
  const { supergraph } = federation({ a: { schema: 'type Query { a: Int b: Other } type Other { c: Int }' } });
  expect(complaint(supergraph)).toBe('loaded');
  expect(complaint(supergraph.replace('for: EXECUTION', 'for: SECURITY').replace('join/v0.5', 'join/v9.5'))).toMatchInlineSnapshot(
    `"The supergraph cannot be used: Invalid supergraph: uses unsupported join spec version v9.5 (supported versions: v0.5, v0.4, v0.3, v0.2, v0.1)"`,
  );
  expect(complaint(supergraph.replace('b: Other', 'b: Another'))).toMatchInlineSnapshot(
    `"The supergraph cannot be used: Unknown type Another"`,
  );
  expect(
    complaint(supergraph.replace('@link(url: "https://specs.apollo.dev/join', '@link(url: "https://example.com/join')),
  ).toMatchInlineSnapshot(`"The supergraph cannot be used: Invalid supergraph: must use the join spec"`);
});

test('refuses what it would have to enforce and does not', () => {
  const { supergraph } = federation({ a: { schema: 'type Query { a: Int }' } });
  const secured = supergraph.replace('schema\n', 'schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)\n');
  expect(complaint(secured)).toContain('authenticated/v0.1 is for: SECURITY but is unsupported');
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { parse } from 'graphql';

/** Everything the generated TypeScript depends on; when one of these changes, it is stale. */
export const inputs = ['codegen.ts', 'pnpm-lock.yaml', 'schema/api.graphql', 'schema/subgraphs/*.graphql', 'gateway/e2e/**/*.graphql'];

const root = import.meta.dirname;
// On the wire: dates are YYYY-MM-DD, times are ISO 8601, and a decimal is a string because a float would lose cents.
const scalars = { ID: 'string', Date: 'string', DateTime: 'string', Decimal: 'string' };
const common = {
  enumsAsTypes: true,
  useTypeImports: true,
  importExtension: '.ts',
  scalars,
  defaultScalarType: 'unknown',
} as const;

// A resolver returns the part of an object that was asked for and may be given; other fields have resolvers of their own.
function partialObjects(sdlFile: string): Record<string, string> {
  const composite = ['ObjectTypeDefinition', 'ObjectTypeExtension', 'InterfaceTypeDefinition', 'UnionTypeDefinition'];
  const roots = ['Query', 'Mutation', 'Subscription'];
  const mappers: Record<string, string> = {};
  for (const node of parse(readFileSync(sdlFile, 'utf8')).definitions)
    if ('name' in node && node.name && composite.includes(node.kind) && !roots.includes(node.name.value))
      mappers[node.name.value] = 'Record<string, any>';
  return mappers;
}

const resolvers: CodegenConfig['generates'] = {};
for (const file of globSync('schema/subgraphs/*.graphql', { cwd: root }).toSorted()) {
  resolvers[`subgraphs/${path.basename(file, '.graphql')}/src/generated/types.ts`] = {
    schema: path.join(root, file),
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      ...common,
      federation: true,
      contextType: '@commonweal/kit#Context',
      mappers: partialObjects(path.join(root, file)),
    },
  };
}

// Typed operations for the tests and benches that go through the gateway.
const operations: CodegenConfig['generates'] = {};
if (existsSync(path.join(root, 'schema/api.graphql')) && globSync('gateway/e2e/**/*.graphql', { cwd: root }).length > 0) {
  operations['gateway/e2e/generated/operations.ts'] = {
    schema: path.join(root, 'schema/api.graphql'),
    documents: path.join(root, 'gateway/e2e/**/*.graphql'),
    // Without the typescript plugin: typescript-operations writes the input types and enums that the operations use by itself.
    plugins: ['typescript-operations', 'typed-document-node'],
    config: common,
  };
}

const config = { generates: { ...resolvers, ...operations } } satisfies CodegenConfig;
export default config;

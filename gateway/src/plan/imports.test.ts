import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '..');
const PACKAGES = new Set(['graphql', '@apollo/query-planner', '@apollo/federation-internals', 'undici', '@opentelemetry/api']);

/** Tests and what only tests use may import more. */
const isTested = (file: string) => !/\.(?:test|examples|random)\.ts$/.test(file);
const FILES = globSync('{plan,execute}/**/*.ts', { cwd: SRC }).filter(isTested);

/** Everything that a file imports, types too. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)[^;]*?from '([^']+)';|import\(\s*'([^']+)'\s*\)|^import '([^']+)';/gm)].map(
    (m) => m[1] ?? m[2] ?? m[3] ?? '',
  );
}

function isAllowed(file: string, name: string): boolean {
  if (name.startsWith('node:')) return builtinModules.includes(name.slice('node:'.length));
  if (!name.startsWith('.')) return PACKAGES.has(name);
  const target = relative(SRC, join(SRC, dirname(file), name));
  return target === 'lru.ts' || (/^(?:plan|execute)\//.test(target) && isTested(target));
}

test.each(FILES)('%s imports nothing of the product: the engine runs any supergraph', (file) => {
  expect(importsOf(file).filter((name) => !isAllowed(file, name))).toEqual([]);
});

test('imports are found', () => {
  expect(importsOf('plan/planner.ts')).toEqual(expect.arrayContaining(['@apollo/federation-internals', 'graphql', './fetch.ts']));
  expect(isAllowed('plan/planner.ts', '../access/names.ts')).toBe(false);
  expect(isAllowed('plan/planner.ts', 'fastify')).toBe(false);
});

import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from '@graphql-codegen/cli';
import config, { inputs } from '../codegen.ts';

const root = path.dirname(import.meta.dirname);
const stampFile = path.join(root, 'node_modules/.cache/commonweal/codegen');

/** Writes the generated TypeScript anew, whatever its state. */
export async function generateTypes(): Promise<void> {
  // Before the first composition there is nothing to generate from, which the generator takes for a mistake.
  if (Object.keys(config.generates).length > 0) await generate({ ...config, silent: true }, true);
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, fingerprint());
}

/** Writes the generated TypeScript when a file it is made from has changed since, or a generated file is missing. Returns whether it did. */
export async function generateIfStale(): Promise<boolean> {
  const outputs = Object.keys(config.generates);
  const isFresh =
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === fingerprint() &&
    outputs.every((file) => existsSync(path.join(root, file)));
  if (isFresh) return false;
  await generateTypes();
  return true;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of globSync(inputs, { cwd: root }).toSorted())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

if (import.meta.main) await (process.argv.includes('--if-stale') ? generateIfStale() : generateTypes());

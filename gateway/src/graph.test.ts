import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createGraph } from './graph.ts';

/** Which supergraphs a gateway starts with: one that it does not understand in full would be half protected. */
const supergraph = readFileSync(fileURLToPath(import.meta.resolve('@commonweal/schema/supergraph.graphql')), 'utf8');
const ignore = () => {};
async function starts(supergraphSdl: string): Promise<string> {
  const nobody = { policies: async () => null, operations: async () => null, audit: async () => {} };
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  try {
    const graph = await createGraph({ supergraphSdl, transports: {} as never, hopSecret: Buffer.alloc(32), registrar: nobody, log });
    await graph.stop();
    return 'starts';
  } catch (error) {
    return (error as Error).message;
  }
}
const change = (from: string | RegExp, to: string) => {
  const changed = supergraph.replaceAll(from, to);
  if (changed === supergraph) throw new Error(`nothing matches ${String(from)}`);
  return changed;
};
const LINK = /\n +@link\(url: "https:\/\/commonweal\.dev\/access\/v1\.0"[^\n]*/g;

it('the committed one', async () => {
  expect(await starts(supergraph)).toBe('starts');
});

it.each<[string, string]>([
  ['with a later version of the access spec', change('commonweal.dev/access/v1.0', 'commonweal.dev/access/v2.0')],
  ['without the access spec', change(LINK, '')],
  ['with the access spec twice', change(LINK, '$&$&')],
  ['with the access spec under a namespace', change('access/v1.0", import', 'access/v1.0", as: "cw", import')],
  [
    'with inputs that name what they read by another directive',
    change(/@reads\b/g, '@shows').replace('"@shows"', '{ name: "@reads", as: "@shows" }'),
  ],
  ['with actions under another name', change(/@action\b/g, '@does').replace('"@does"', '{ name: "@action", as: "@does" }')],
])('not one %s', async (_, sdl) => {
  expect(await starts(sdl)).toContain('must link https://commonweal.dev/access/v1.0 once');
});

it('not one with a field without a class', async () => {
  expect(await starts(change(' @access(class: DEMOGRAPHIC)', ''))).toContain('has no access class');
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { buildCatalog } from './access/catalog.ts';
import { permissionsMarkdown } from './permissions.ts';
import { SUBGRAPHS } from './subgraphs.ts';

const schemaFolder = import.meta.dirname;
const root = join(schemaFolder, '..');

/** The SDL of one subgraph: its link header, the access spec, what all share, and its modules, in the order of their paths. */
export function subgraphSdl(name: string): string {
  const source = join(root, 'subgraphs', name, 'src');
  const modules = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.graphql') && f !== 'subgraph.graphql')
    .sort();
  const files = [
    join(source, 'subgraph.graphql'),
    join(schemaFolder, 'access/spec.graphql'),
    join(schemaFolder, 'access/common.graphql'),
    ...modules.map((m) => join(source, m)),
  ];
  return `${print(spellOutClasses(parse(files.map((f) => readFileSync(f, 'utf8').trim()).join('\n\n'))))}\n`;
}

/**
 * Writes the class that a type gives to its fields at each field that names none, and takes it off the type: a type that several
 * subgraphs share has a default in each, and composition would let the first win for all.
 */
export function spellOutClasses(document: DocumentNode): DocumentNode {
  const onType = (node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) => {
    const isAccess = (d: ConstDirectiveNode) => d.name.value === 'access';
    const given = node.directives?.find(isAccess);
    if (!given) return undefined;
    const fields = node.fields?.map(
      (f): FieldDefinitionNode => (f.directives?.some(isAccess) ? f : { ...f, directives: [...(f.directives ?? []), given] }),
    );
    return { ...node, fields, directives: node.directives?.filter((d) => d !== given) };
  };
  return visit(document, { [Kind.OBJECT_TYPE_DEFINITION]: onType, [Kind.OBJECT_TYPE_EXTENSION]: onType });
}

/** What composing gives: the supergraph, the graph as consumers see it, and each subgraph's own SDL. */
export interface Composition {
  readonly supergraph: string;
  readonly api: string;
  readonly subgraphs: ReadonlyMap<string, string>;
  readonly hints: readonly { code: string; message: string }[];
}

/** Composes subgraph SDLs. Throws with all of composition's errors, one a line. */
export function compose(sdl: ReadonlyMap<string, string>): Composition {
  const result = composeServices([...sdl].map(([name, text]) => ({ name, typeDefs: parse(text), url: `local:${name}` })));
  if (result.errors) throw new Error(`The subgraphs do not compose:\n${result.errors.map((e) => e.message).join('\n')}`);
  const api = Supergraph.build(result.supergraphSdl).apiSchema().toGraphQLJSSchema();
  return {
    supergraph: result.supergraphSdl,
    api: `${printSchema(api)}\n`,
    subgraphs: sdl,
    hints: result.hints.map((h) => ({ code: h.definition.code, message: h.message })),
  };
}

/** Composes what stands in the folders now. */
export const composeFolders = (): Composition => compose(new Map(SUBGRAPHS.map((s) => [s, subgraphSdl(s)])));

/** The generated files of the contract and their contents, by path below `schema/`. */
export function generatedFiles(c: Composition): Map<string, string> {
  return new Map([
    ['supergraph.graphql', c.supergraph],
    ['api.graphql', c.api],
    ['permissions.md', permissionsMarkdown(buildCatalog(parse(c.supergraph)))],
    ...[...c.subgraphs].map(([name, sdl]): [string, string] => [`subgraphs/${name}.graphql`, sdl]),
  ]);
}

if (import.meta.main) {
  mkdirSync(join(schemaFolder, 'subgraphs'), { recursive: true });
  for (const [path, text] of generatedFiles(composeFolders())) writeFileSync(join(schemaFolder, path), text);
}

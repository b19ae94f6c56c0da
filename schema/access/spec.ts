import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';

/** The access spec, in the one version that this code knows. */
export const ACCESS_LINK = 'https://commonweal.dev/access/v1.0';
const DIRECTIVES = ['@access', '@reads', '@action'];

const argument = (d: ConstDirectiveNode, name: string) => d.arguments?.find((a) => a.name.value === name)?.value;

/**
 * Throws unless a supergraph links the access spec once, in our version and under its own names: a directive that is called otherwise, or means something
 * else by now, would be passed over, and what it protects be open.
 */
export function checkAccessSpec(supergraph: DocumentNode): void {
  const links = supergraph.definitions
    .flatMap((d) => (d.kind === Kind.SCHEMA_DEFINITION || d.kind === Kind.SCHEMA_EXTENSION ? (d.directives ?? []) : []))
    .filter((d) => d.name.value === 'link');
  const urlOf = (d: ConstDirectiveNode) => {
    const url = argument(d, 'url');
    return url?.kind === Kind.STRING ? url.value : '';
  };
  const [access, ...more] = links.filter((d) => urlOf(d).startsWith('https://commonweal.dev/access'));
  const imports = access && argument(access, 'import');
  const names = imports?.kind === Kind.LIST ? imports.values.map((v) => (v.kind === Kind.STRING ? v.value : '')) : [];
  const isOurs = access && more.length === 0 && urlOf(access) === ACCESS_LINK && !argument(access, 'as');
  if (!isOurs || DIRECTIVES.some((name) => !names.includes(name)))
    throw new Error(`The supergraph must link ${ACCESS_LINK} once and import ${DIRECTIVES.join(', ')} under their own names.`);
}

import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  type TypeNode,
} from 'graphql';
import { buildCatalog } from './access/catalog.ts';
import { ACCESS_CLASSES, ACCESS_USES } from './access/classes.ts';
import { ACCESS_LINK } from './access/spec.ts';
import type { Composition } from './compose.ts';

/** What is wrong with the schema: where, what, and how to mend it. */
export interface Fault {
  readonly rule: string;
  readonly where: string;
  readonly message: string;
}

const ACCESS_IMPORTS = ['@access', '@reads', '@action', 'AccessClass', 'AccessUse'];
/** Arguments that reveal nothing by their value: where in a list, under which key, in which language. */
const STRUCTURAL = new Set(['first', 'after', 'key', 'descending', 'language']);

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;
const objects = (d: DocumentNode) =>
  d.definitions.filter((x): x is ObjectNode => x.kind === Kind.OBJECT_TYPE_DEFINITION || x.kind === Kind.OBJECT_TYPE_EXTENSION);
const having = (node: { directives?: readonly ConstDirectiveNode[] }, name: string) =>
  (node.directives ?? []).filter((d) => d.name.value === name);
const text = (d: ConstDirectiveNode | undefined, name: string): string | undefined => {
  const value = d?.arguments?.find((a) => a.name.value === name)?.value;
  return value && 'value' in value ? String(value.value) : undefined;
};
const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
const classOf = (field: FieldDefinitionNode) => text(having(field, 'access')[0], 'class');

/** One rule: looks at one subgraph's SDL. */
type Rule = (subgraph: string, sdl: DocumentNode) => Fault[];

/** Federation 2.9 or newer and the access spec, at one version, under their own names, and composed into the supergraph. */
const links: Rule = (subgraph, sdl) => {
  const faults: Fault[] = [];
  const fault = (message: string) => faults.push({ rule: 'links', where: subgraph, message });
  const schema = sdl.definitions.filter((d) => d.kind === Kind.SCHEMA_EXTENSION || d.kind === Kind.SCHEMA_DEFINITION);
  const all = schema.flatMap((s) => having(s, 'link'));
  const federation = all.map((l) => text(l, 'url') ?? '').find((u) => u.startsWith('https://specs.apollo.dev/federation/v'));
  const [, major = '0', minor = '0'] = /\/v(\d+)\.(\d+)$/.exec(federation ?? '') ?? [];
  if (Number(major) !== 2 || Number(minor) < 9) fault('must @link federation v2.9 or newer of 2');
  const access = all.filter((l) => (text(l, 'url') ?? '').startsWith('https://commonweal.dev/access'));
  if (access.length !== 1 || text(access[0], 'url') !== ACCESS_LINK)
    fault(`must @link ${ACCESS_LINK} once; another version or none leaves the fields without classes`);
  const link = access[0];
  if (link?.arguments?.some((a) => a.name.value === 'as' || a.name.value === 'for'))
    fault('must link the access spec without `as`: under another name its directives would not be seen');
  const imports = link?.arguments?.find((a) => a.name.value === 'import')?.value;
  const names = imports?.kind === Kind.LIST ? imports.values.map((v) => (v.kind === Kind.STRING ? v.value : 'renamed')) : [];
  for (const name of ACCESS_IMPORTS) if (!names.includes(name)) fault(`must import ${name} from the access spec under its own name`);
  const composed = schema.flatMap((s) => having(s, 'composeDirective')).map((d) => text(d, 'name'));
  for (const name of ['@access', '@reads', '@action']) if (!composed.includes(name)) fault(`must have @composeDirective(name: "${name}")`);
  for (const d of sdl.definitions) {
    if (d.kind === Kind.ENUM_TYPE_DEFINITION && (d.name.value === 'AccessClass' || d.name.value === 'AccessUse')) {
      const values = d.values?.map((v) => v.name.value).join() ?? '';
      if (values !== (d.name.value === 'AccessClass' ? ACCESS_CLASSES : ACCESS_USES).join())
        fault(`${d.name.value} must have the values of schema/access/classes.ts, in their order`);
    }
  }
  for (const name of ['authenticated', 'requiresScopes', 'policy'])
    if (JSON.stringify(names).includes(`@${name}`) || all.some((l) => JSON.stringify(l).includes(`"@${name}"`)))
      fault(`@${name} is not enforced by this gateway: use @access`);
  return faults;
};

/** A class for each field, exactly one; none on an interface, whose class is that of the types behind it. */
const classes: Rule = (subgraph, sdl) => {
  const faults: Fault[] = [];
  for (const type of objects(sdl)) {
    for (const field of type.fields ?? []) {
      const found = having(field, 'access');
      if (found.length === 0)
        faults.push({
          rule: 'classes',
          where: `${subgraph}: ${type.name.value}.${field.name.value}`,
          message: 'has no access class: add @access(class: ...) to the field or to its type',
        });
      if (found.length > 1)
        faults.push({ rule: 'classes', where: `${subgraph}: ${type.name.value}.${field.name.value}`, message: 'has two access classes' });
    }
  }
  for (const d of sdl.definitions) {
    if (d.kind !== Kind.INTERFACE_TYPE_DEFINITION && d.kind !== Kind.INTERFACE_TYPE_EXTENSION) continue;
    if ([d, ...(d.fields ?? [])].some((n) => having(n, 'access').length > 0))
      faults.push({
        rule: 'classes',
        where: `${subgraph}: ${d.name.value}`,
        message: 'is an interface: give the class to the types behind it',
      });
  }
  return faults;
};

/** Protected fields and the elements of protected lists may be null: a refused value that may not be null would take its parent with it. */
const nullable: Rule = (subgraph, sdl) =>
  objects(sdl).flatMap((type) =>
    (type.fields ?? []).flatMap((field) => {
      if (classOf(field) === 'OPEN' || field.name.value === 'id' || field.name.value === 'ref' || field.name.value === 'ticket') return [];
      const inner = field.type.kind === Kind.LIST_TYPE ? field.type.type : field.type;
      return field.type.kind === Kind.NON_NULL_TYPE || inner.kind === Kind.NON_NULL_TYPE
        ? [
            {
              rule: 'nullable',
              where: `${subgraph}: ${type.name.value}.${field.name.value}`,
              message: 'is protected and must be nullable, list elements too',
            },
          ]
        : [];
    }),
  );

/** What travels between registries without anybody having asked for it: opaque references only. */
const keys: Rule = (subgraph, sdl) =>
  objects(sdl).flatMap((type) => {
    const sets = [
      ...having(type, 'key').map((d) => text(d, 'fields') ?? ''),
      ...(type.fields ?? []).flatMap((f) => [...having(f, 'requires'), ...having(f, 'provides')].map((d) => text(d, 'fields') ?? '')),
    ];
    return sets.flatMap((set) =>
      set
        .split(/[\s{}(),]+/)
        .filter((n) => /^[A-Za-z_]\w*$/.test(n))
        .flatMap((name) => {
          const field = type.fields?.find((f) => f.name.value === name);
          const c = field && classOf(field);
          const opaque = field !== undefined && nameOf(field.type) === 'ID' && ['id', 'ref', 'ticket'].includes(name);
          return c === 'OPEN' || c === 'REFERENCE' || opaque
            ? []
            : [
                {
                  rule: 'keys',
                  where: `${subgraph}: ${type.name.value}`,
                  message: `"${name}" stands in @key, @requires or @provides and is ${c ?? 'of another type'}: only references may, since nobody asked for it`,
                },
              ];
        }),
    );
  });

/** Each argument and input field names what it reads, unless it is structural or an object whose own fields do. */
const reads: Rule = (subgraph, sdl) => {
  const inputs = new Map(
    sdl.definitions.flatMap((d) => (d.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? [[d.name.value, d] as const] : [])),
  );
  const readingEnums = new Set(
    sdl.definitions.flatMap((d) =>
      d.kind === Kind.ENUM_TYPE_DEFINITION && d.values?.every((v) => having(v, 'reads').length > 0) ? [d.name.value] : [],
    ),
  );
  const check = (where: string, input: InputValueDefinitionNode): Fault[] =>
    having(input, 'reads').length > 0 ||
    inputs.has(nameOf(input.type)) ||
    readingEnums.has(nameOf(input.type)) ||
    STRUCTURAL.has(input.name.value)
      ? []
      : [
          {
            rule: 'reads',
            where: `${subgraph}: ${where}`,
            message: 'must name the field it reads or writes: @reads(field: ..., use: ...)',
          },
        ];
  return [
    ...objects(sdl).flatMap((t) =>
      (t.fields ?? []).flatMap((f) => (f.arguments ?? []).flatMap((a) => check(`${t.name.value}.${f.name.value}(${a.name.value}:)`, a))),
    ),
    ...[...inputs.values()].flatMap((d) => (d.fields ?? []).flatMap((f) => check(`${d.name.value}.${f.name.value}`, f))),
  ];
};

/** Ids are opaque. */
const ids: Rule = (subgraph, sdl) =>
  objects(sdl).flatMap((t) =>
    (t.fields ?? [])
      .filter((f) => (f.name.value === 'id' || f.name.value.endsWith('Id')) && nameOf(f.type) !== 'ID')
      .map((f) => ({
        rule: 'ids',
        where: `${subgraph}: ${t.name.value}.${f.name.value}`,
        message: 'must be an ID: numbers in sequence tell how many there are, and the next one',
      })),
  );

/** The rules, in the order in which they are checked. */
export const RULES: readonly Rule[] = [links, classes, nullable, keys, reads, ids];

/** Looks at the subgraphs' own SDL: what a subgraph forgot is not in the supergraph. */
export const lintSubgraphs = (subgraphs: ReadonlyMap<string, string>): Fault[] =>
  [...subgraphs].flatMap(([name, sdl]) => {
    const document = parse(sdl);
    return RULES.flatMap((rule) => rule(name, document));
  });

/** Looks at what composing gave: hints that would let one subgraph win over another, reads of fields that do not exist, missing descriptions. */
export function lintComposition(c: Composition): Fault[] {
  const faults: Fault[] = c.hints
    .filter((h) => h.code.startsWith('INCONSISTENT_') && h.code !== 'INCONSISTENT_DESCRIPTION')
    .map((h) => ({ rule: 'composition', where: h.code, message: h.message }));
  const catalog = buildCatalog(parse(c.supergraph));
  const known = (coordinate: string) => {
    if (catalog.fields.has(coordinate)) return true;
    const [type = '', field = ''] = coordinate.split('.');
    return (catalog.possible.get(type) ?? []).some((t) => catalog.fields.has(`${t}.${field}`));
  };
  const named = [...catalog.fields.values()].flatMap((f) => [...f.args].map(([n, a]) => [`${f.coordinate}(${n}:)`, a.reads] as const));
  const inputs = [...catalog.inputs].flatMap(([t, fields]) => [...fields].map(([n, i]) => [`${t}.${n}`, i.reads] as const));
  const choices = [...catalog.enumValues].map(([n, v]) => [n, v.reads] as const);
  for (const [where, list] of [...named, ...inputs, ...choices])
    for (const r of list) if (!known(r.field)) faults.push({ rule: 'reads', where, message: `reads ${r.field}, which does not exist` });
  return [...faults, ...undescribed(parse(c.api))];
}

function undescribed(api: DocumentNode): Fault[] {
  const fault = (where: string): Fault => ({ rule: 'descriptions', where, message: 'has no description: the playground is our manual' });
  return api.definitions.flatMap((d) => {
    if (!('name' in d) || !d.name || !('description' in d)) return [];
    const name = d.name.value;
    const root = name === 'Query' || name === 'Mutation';
    const parts = 'fields' in d && d.fields ? d.fields : 'values' in d && d.values ? d.values : [];
    return [
      ...(d.description || root ? [] : [fault(name)]),
      ...parts.flatMap((p) => [
        ...(p.description ? [] : [fault(`${name}.${p.name.value}`)]),
        ...('arguments' in p
          ? (p.arguments ?? [])
              .filter((a) => !a.description && a.name.value !== 'id' && a.name.value !== 'code')
              .map((a) => fault(`${name}.${p.name.value}(${a.name.value}:)`))
          : []),
      ]),
    ];
  });
}

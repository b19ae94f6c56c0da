import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** One field on the way from the top of the graph: where it stands, how it is written, and the fragment that leads on from an interface. */
export interface Step {
  readonly coordinate: string;
  readonly text: string;
  readonly onType: string | null;
}

type AnyField = GraphQLField<unknown, unknown>;

/** How a field is written with arguments that find something in the fake registries. `target` is the type that a reference should lead to. */
export function written(field: AnyField, target: string): string {
  const args = field.args.flatMap((a) => {
    if (a.name === 'id' || (a.name === 'code' && isRequiredArgument(a)))
      return [`${a.name}: "${target === 'Node' ? 'program' : target.toLowerCase()}-1"`];
    if (!isRequiredArgument(a)) return a.name === 'surname' ? ['surname: "A"'] : [];
    return [`${a.name}: ${getNamedType(a.type).name === 'IdentifierInput' ? '{ type: UIN, value: "1" }' : '"x"'}`];
  });
  return args.length > 0 ? `${field.name}(${args.join(', ')})` : field.name;
}

/** Ways kept to one type. */
const MOST_WAYS = 5;

/** Ways from the top to each object type, the shortest first, each type once on a way; and for what has a reference, the way through `node`. */
export function waysTo(schema: GraphQLSchema): Map<string, Step[][]> {
  const query = schema.getQueryType() as GraphQLObjectType;
  const ways = new Map<string, Step[][]>([[query.name, [[]]]]);
  const open: { type: GraphQLObjectType; way: Step[]; met: readonly string[] }[] = [{ type: query, way: [], met: [query.name] }];
  for (let at = open.shift(); at; at = open.shift()) {
    for (const field of Object.values(at.type.getFields())) {
      const behind = getNamedType(field.type);
      for (const target of isInterfaceType(behind) ? schema.getPossibleTypes(behind) : isObjectType(behind) ? [behind] : []) {
        const known = ways.get(target.name) ?? [];
        if (at.met.includes(target.name) || known.length >= MOST_WAYS || at.way.length >= 5) continue;
        const way = [
          ...at.way,
          {
            coordinate: `${at.type.name}.${field.name}`,
            text: written(field, target.name),
            onType: isInterfaceType(behind) ? target.name : null,
          },
        ];
        ways.set(target.name, [...known, way]);
        open.push({ type: target, way, met: [...at.met, target.name] });
      }
    }
  }
  return ways;
}

/** A query for one field at the end of a way. */
export function queryFor(way: readonly Step[], field: AnyField, name = field.name): string {
  const below = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  const last = `${written(field, getNamedType(field.type).name).replace(field.name, name)}${below}`;
  return `{ ${way.reduceRight((inner, step) => `${step.text} { ${step.onType ? `... on ${step.onType} { ${inner} }` : inner} }`, last)} }`;
}

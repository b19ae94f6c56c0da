import type { Catalog, Rights } from '@commonweal/schema';
import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from 'graphql';
import { rebuild } from './rebuild.ts';

type Fielded = GraphQLObjectType | GraphQLInterfaceType;
type AnyField = GraphQLField<unknown, unknown>;

/** What of a schema stays: asked for by the builder of the pruned schema, member by member. */
export interface Kept {
  type(type: GraphQLNamedType): boolean;
  field(parent: Fielded, field: AnyField): boolean;
  argument(parent: Fielded, field: AnyField, argument: GraphQLArgument): boolean;
  inputField(parent: GraphQLInputObjectType, field: GraphQLInputField): boolean;
  enumValue(parent: GraphQLEnumType, value: string): boolean;
}

/**
 * The graph as one profile may know it: permitted fields, the arguments, input fields and enum values whose reads are permitted, and the types that are left
 * and can be reached. Null when nothing of the query type is left.
 */
export function prune(schema: GraphQLSchema, catalog: Catalog, rights: Rights): GraphQLSchema | null {
  const kept = whatStays(schema, catalog, rights);
  const query = schema.getQueryType();
  return query && kept.type(query) ? rebuild(schema, kept) : null;
}

function whatStays(schema: GraphQLSchema, catalog: Catalog, rights: Rights): Kept {
  const all = Object.values(schema.getTypeMap()).filter((t) => !t.name.startsWith('__'));
  const outputs = all.filter((t): t is Fielded | GraphQLUnionType => isObjectType(t) || isInterfaceType(t) || isUnionType(t));
  const usableInputs = inputsThatCanBeUsed(all, catalog, rights);
  const enumValue = (parent: GraphQLEnumType, value: string) => rights.enumValue(parent.name, value);
  const inputType = (t: GraphQLNamedType) =>
    isInputObjectType(t) ? usableInputs.has(t.name) : isEnumType(t) ? t.getValues().some((v) => enumValue(t, v.name)) : true;
  const inputField = (parent: GraphQLInputObjectType, f: GraphQLInputField) =>
    rights.input(catalog.inputs.get(parent.name)?.get(f.name)?.reads ?? UNKNOWN) && inputType(getNamedType(f.type));

  // Largest set that holds together: begin with all that is permitted, take away what leans on something that is gone, until nothing more goes.
  // What the decision refuses as a whole goes first: an interface is judged by the types that may be met behind it.
  const gone = new Set<string>(outputs.filter((t) => !rights.type(t.name)).map((t) => t.name));
  const members = (t: GraphQLInterfaceType | GraphQLUnionType) => schema.getPossibleTypes(t).filter((m) => !gone.has(m.name));
  const argument = (parent: Fielded, f: AnyField, a: GraphQLArgument): boolean => {
    if (!inputType(getNamedType(a.type))) return false;
    if (isObjectType(parent)) return rights.input(catalog.fields.get(`${parent.name}.${f.name}`)?.args.get(a.name)?.reads ?? UNKNOWN);
    return members(parent).every((m) => {
      const own = m.getFields()[f.name];
      const same = own?.args.find((x) => x.name === a.name);
      return own && same && argument(m, own, same);
    });
  };
  const field = (parent: Fielded, f: AnyField): boolean => {
    if (!rights.field(`${parent.name}.${f.name}`)) return false;
    const output = getNamedType(f.type);
    if (gone.has(output.name) || (isEnumType(output) && !output.getValues().some((v) => enumValue(output, v.name)))) return false;
    if (!f.args.every((a) => argument(parent, f, a) || !isRequiredArgument(a))) return false;
    return (
      !isInterfaceType(parent) ||
      members(parent).every((m) => {
        const own = m.getFields()[f.name];
        return own !== undefined && field(m, own);
      })
    );
  };
  const stands = (t: Fielded | GraphQLUnionType): boolean => {
    if (!isObjectType(t) && members(t).length === 0) return false;
    return isUnionType(t) || Object.values(t.getFields()).some((f) => field(t, f));
  };
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const t of outputs) if (!gone.has(t.name) && !stands(t)) gone.add(t.name);
  }
  return { type: (t) => !gone.has(t.name) && (!isInputObjectType(t) || usableInputs.has(t.name)), field, argument, inputField, enumValue };
}

/** An input that the catalog does not know reads something that nobody may read. */
const UNKNOWN = [{ field: '', use: 'READ' as const }];

/**
 * Input objects in which something can be said: every required field is permitted, and some field leads to a value. Smallest set, so that a filter that is left
 * with nothing but `and`, `or` and `not` of itself goes too.
 */
function inputsThatCanBeUsed(all: readonly GraphQLNamedType[], catalog: Catalog, rights: Rights): ReadonlySet<string> {
  const usable = new Set<string>();
  const objects = all.filter(isInputObjectType);
  const says = (parent: GraphQLInputObjectType, f: GraphQLInputField): boolean => {
    if (!rights.input(catalog.inputs.get(parent.name)?.get(f.name)?.reads ?? UNKNOWN)) return false;
    const type = getNamedType(f.type);
    if (isInputObjectType(type)) return usable.has(type.name);
    return !isEnumType(type) || type.getValues().some((v) => rights.enumValue(type.name, v.name));
  };
  for (let grew = true; grew; ) {
    grew = false;
    for (const o of objects) {
      const fields = Object.values(o.getFields());
      if (usable.has(o.name) || !fields.some((f) => says(o, f)) || !fields.every((f) => says(o, f) || !isRequiredInputField(f))) continue;
      usable.add(o.name);
      grew = true;
    }
  }
  return usable;
}

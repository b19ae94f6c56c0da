import { createRequire } from 'node:module';
import type { Catalog, ERROR_CODES } from '@commonweal/schema';
import { GraphQLError, type GraphQLSchema, isObjectType } from 'graphql';
import type { IMiddleware } from 'graphql-middleware';
import type * as Shield from 'graphql-shield';
import type { Context } from './context.ts';

// The ESM entry of graphql-shield does not load on Node 23 and newer; its CommonJS entry does.
const require = createRequire(import.meta.url);
const { allow, deny, rule, shield } = require('graphql-shield') as typeof Shield;
const { applyMiddleware } = require('graphql-middleware') as {
  applyMiddleware: (schema: GraphQLSchema, ...m: IMiddleware[]) => GraphQLSchema;
};

/** Told when a protected resolver was reached without permission. It must never happen: the gateway cuts the field out before. */
export type TripwireAlarm = (coordinate: string, context: Context) => void;

/** A registry's schema behind its tripwire. */
export interface Guarded {
  readonly schema: GraphQLSchema;
  /** Coordinates with a rule. A rule asks for nothing but `rights.field(coordinate)`. */
  readonly ruled: ReadonlySet<string>;
}

/**
 * Guards a registry's schema behind the gateway: a graphql-shield tree generated from the same classes, one rule object for each coordinate, deny by default,
 * nothing cached. Rules stand on object types only: on an interface or union shield would ignore them. Throws for a field that the catalog does not know.
 */
export function guard(schema: GraphQLSchema, catalog: Catalog, alarm: TripwireAlarm): Guarded {
  const tree: Record<string, Record<string, Shield.IRules>> = { Query: {}, _Service: { '*': allow } as never };
  const ruled = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || type.name === '_Service' || !isObjectType(type)) continue;
    const rules: Record<string, Shield.IRules> = {};
    for (const name of Object.keys(type.getFields())) {
      const coordinate = `${type.name}.${name}`;
      const isFederation = type.name === 'Query' && (name === '_service' || name === '_entities');
      rules[name] = isFederation ? allow : ruleFor(coordinate, catalog, alarm);
      if (rules[name] !== allow) ruled.add(coordinate);
    }
    tree[type.name] = rules as never;
  }
  return { schema: apply(schema, tree), ruled };
}

function ruleFor(coordinate: string, catalog: Catalog, alarm: TripwireAlarm): Shield.IRules {
  const field = catalog.fields.get(coordinate);
  if (!field) throw new Error(`${coordinate} is in the schema and not in the catalog: no rule can be made for it`);
  if (field.accessClass === 'OPEN' && field.action === null && field.coordinate.split('.')[0] !== 'Query') return allow;
  // Each rule has the name of its coordinate: shield takes rules of one name for the same.
  return rule(`tripwire ${coordinate}`, { cache: 'no_cache' })((_parent: unknown, _args: unknown, context: Context) => {
    if (context.rights.field(coordinate)) return true;
    alarm(coordinate, context);
    return new GraphQLError('Reached without permission.', { extensions: { code: 'FORBIDDEN_FIELD' satisfies keyof typeof ERROR_CODES } });
  });
}

/** Lets shield build its middleware and drops what is plainly allowed: shield would wrap those fields too, at a cost. */
function apply(schema: GraphQLSchema, tree: Record<string, Record<string, Shield.IRules>>): GraphQLSchema {
  const generated = (
    shield(tree as never, { fallbackRule: deny, allowExternalErrors: true }) as unknown as {
      generate(s: GraphQLSchema): Record<string, Record<string, unknown>>;
    }
  ).generate(schema);
  for (const [type, fields] of Object.entries(generated)) {
    for (const field of Object.keys(fields)) if ((tree[type]?.[field] ?? tree[type]?.['*']) === allow) delete fields[field];
    if (Object.keys(fields).length === 0) delete generated[type];
  }
  return applyMiddleware(schema, generated as never);
}

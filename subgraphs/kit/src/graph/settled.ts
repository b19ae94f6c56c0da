import type { GraphQLSchema } from 'graphql';

/**
 * Waits for all of a list, with the error in place of what failed; both executors take an error in a list for the failure of that place. A list of promises must
 * not be left to compiled code: for each one that fails it adds a null at the end, and everything behind `_entities` goes by place.
 */
export async function settled(list: readonly unknown[]): Promise<unknown[]> {
  const all = await Promise.allSettled(list);
  return all.map((one) =>
    one.status === 'fulfilled' ? one.value : one.reason instanceof Error ? one.reason : new Error(String(one.reason)),
  );
}

/** Has a registry's `_entities` settled. It is the one resolver that answers with a list of promises, and the library's. */
export function settleEntities(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()._entities;
  const own = field?.resolve;
  if (field && own) field.resolve = async (...given) => settled((await own(...given)) as readonly unknown[]);
  return schema;
}

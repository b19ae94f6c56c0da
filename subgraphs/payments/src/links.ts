import type { Context, Resolvers } from '@commonweal/kit';

/** A link to what another registry owns: the gateway asks it there, under the caller's rights. */
export interface Stub {
  readonly __typename: string;
  readonly $key: string;
  /** The person whose row it is, for rows that are found by person and id. */
  readonly $person: string | null;
}

/** A link to a row of another registry, or null for no id. */
export const stub = (typename: string, id: unknown, person: string | null = null): Stub | null =>
  typeof id === 'string' ? { __typename: typename, $key: id, $person: person } : null;

/** What a reference of another registry stands for. It is not looked up here: all that is given of it stands in lists with rows of their own. */
const links = (typename: string, kind: 'per' | 'enr' | 'ben' | 'prg') => ({
  __resolveReference(r: { id?: string }, context: Context) {
    const referent = context.refs.decode(kind, r.id ?? '');
    return referent === null ? null : stub(typename, referent.id, referent.owner);
  },
  id: (link: Stub, _: unknown, context: Context) => context.refs.encode(kind, link.$key, link.$person ?? undefined),
});

/** Resolvers of the types that other registries own. */
export const linkResolvers: Resolvers = {
  Person: links('Person', 'per'),
  Enrollment: links('Enrollment', 'enr'),
  Benefit: links('Benefit', 'ben'),
  Program: links('Program', 'prg'),
};

import { type Context, pageSize, type Resolvers } from '@commonweal/kit';
import { ApiError } from '@commonweal/schema';
import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import { areaCode } from './conditions.ts';

interface AreaRow {
  readonly code: string;
  readonly name: string;
  readonly level: string;
  readonly population: number | null;
}
const columns = sql`path::text as code, name, level, population`;

/** How long an area is told without looking again. Areas change when a country is divided anew. */
const KEPT_MS = 60_000;

/** Areas by code: public facts, the same for all, so they are kept for a while from one request to the next. */
function areaLoader(context: Context): DataLoader<string, AreaRow | null> {
  const known = context.loaders.get('areas') as DataLoader<string, AreaRow | null> | undefined;
  if (known) return known;
  const loader = new DataLoader<string, AreaRow | null>(async (codes) => {
    const now = Date.now();
    const fresh = (code: string) => {
      const fact = context.facts.get(code);
      return fact && fact.until > now ? fact : undefined;
    };
    const unknown = codes.filter((code) => !fresh(code));
    if (unknown.length > 0) {
      const rows = await context.db.all<AreaRow>(
        sql`select ${columns} from area where path = any (${sql.param([...unknown])}::text[]::ltree[])`,
      );
      for (const row of rows) context.facts.set(row.code, { value: row, until: now + KEPT_MS });
      const byCode = new Map(rows.map((r) => [r.code, r]));
      return codes.map((c) => byCode.get(c) ?? (fresh(c)?.value as AreaRow | undefined) ?? null);
    }
    return codes.map((c) => fresh(c)!.value as AreaRow);
  });
  context.loaders.set('areas', loader);
  return loader;
}

/** An area as a link to it: the code says it all, the rest is read when it is asked for. */
export const areaStub = (code: unknown) => (typeof code === 'string' ? { __typename: 'Area', code } : null);

async function areasUnder(context: Context, args: { under?: string | null; first?: number | null; after?: string | null }) {
  const size = pageSize(args.first, 400, 100);
  const under = args.under == null ? null : areaCode(args.under, 'under');
  const bound = `areas ${under ?? ''}`;
  const after = args.after == null ? '' : context.cursors.open(args.after, bound);
  if (typeof after !== 'string')
    throw new ApiError('INVALID_CURSOR', 'The cursor is not of this list. Start again without `after`.', { argument: 'after' });
  const below = under === null ? sql`nlevel(path) = 1` : sql`path <@ ${under}::ltree and nlevel(path) = nlevel(${under}::ltree) + 1`;
  const rows = await context.db.all<AreaRow>(
    sql`select ${columns} from area where ${below} and path > ${after}::ltree order by path limit ${size + 1}`,
  );
  const nodes = rows.slice(0, size);
  const cursor = (r: AreaRow | undefined) => (r ? context.cursors.seal(r.code, bound) : null);
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: args.after != null,
      startCursor: cursor(nodes[0]),
      endCursor: cursor(nodes.at(-1)),
    },
  };
}

const field = (name: keyof AreaRow) => async (a: Partial<AreaRow> & { code: string }, _: unknown, context: Context) =>
  a[name] !== undefined ? a[name] : ((await areaLoader(context).load(a.code))?.[name] ?? null);

/** Resolvers of areas. */
export const areaResolvers: Resolvers = {
  Query: {
    area: (_: unknown, { code }: { code: string }, context: Context) => areaLoader(context).load(areaCode(code, 'code')),
    areas: (_: unknown, args: { under?: string }, context: Context) => areasUnder(context, args),
  },
  Area: {
    __resolveReference: ({ code }: { code: string }, context: Context) => areaLoader(context).load(code),
    name: field('name'),
    level: field('level'),
    population: field('population'),
    parent: ({ code }: { code: string }) => (code.includes('.') ? areaStub(code.slice(0, code.lastIndexOf('.'))) : null),
  },
};

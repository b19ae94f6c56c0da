import { readFileSync } from 'node:fs';
import { buildCatalog, decide, type Principal, rightsOf } from '@commonweal/schema';
import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANALYST, BANK, CASE_WORKER, CLINIC, SNAPSHOT, STRANGER } from '../graph.fake/consumers.ts';
import { queryFor, type Step, waysTo } from '../graph.fake/paths.ts';
import { fetched, type System, startSystem } from '../graph.fake/system.ts';

const read = (name: string) => readFileSync(new URL(`../../../schema/${name}`, import.meta.url), 'utf8');
const catalog = buildCatalog(parse(read('supergraph.graphql')));
const api = buildSchema(read('api.graphql'));
const ways = waysTo(api);

// Keys travel between registries and codes find things: they stand in fetches for reasons of their own.
const KEYS = /\.(id|code)$/;

describe('every field of the graph, for every kind of caller, on several ways and through node', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  const cells = [...ways].flatMap(([typeName, found]) =>
    Object.values((api.getType(typeName) as GraphQLObjectType).getFields()).flatMap((field) =>
      found.map((way) => ({ way, field, coordinate: `${typeName}.${field.name}` })),
    ),
  );

  it.each([
    ['case worker', CASE_WORKER],
    ['bank', BANK],
    ['clinic', CLINIC],
    ['analyst', ANALYST],
    ['stranger', STRANGER],
  ] as [string, Principal][])(
    '%s',
    async (_name, who) => {
      const decision = decide(catalog, SNAPSHOT, who, new Date());
      const rights = rightsOf(catalog, decision);
      const hides = decision.disclosure === 'HIDE';
      // The one field that cannot be asked for without presenting a person's number.
      const ok = (coordinate: string) =>
        rights.type(coordinate.split('.')[0] as string) &&
        rights.field(coordinate) &&
        (coordinate !== 'Query.personByIdentifier' || rights.use('Identifier.value', 'VERIFY'));
      const open = (way: readonly Step[]) => way.every((s) => ok(s.coordinate) && (s.onType === null || rights.type(s.onType)));
      const ask = system.as(who);
      const wrong: string[] = [];
      const counts = { given: 0, refused: 0 };
      for (const { way, field, coordinate } of cells) {
        const query = queryFor(way, field);
        const reply = await ask(query);
        const asked = fetched(reply);
        const given = open(way) && ok(coordinate);
        counts[given ? 'given' : 'refused'] += 1;
        if (given) {
          if (reply.status !== 200 || reply.errors.length > 0 || !asked.has(coordinate)) wrong.push(`not given: ${query} ${reply.text}`);
          continue;
        }
        if (reply.text.includes(`canary ${coordinate} of`)) wrong.push(`LEAKED: ${query}`);
        if (asked.has(coordinate) && !KEYS.test(coordinate)) wrong.push(`FETCHED: ${query}`);
        if (hides && (reply.status !== 400 || reply.fetches.length > 0)) wrong.push(`not hidden: ${query} ${reply.text}`);
        if (hides && open(way)) {
          const random = `z${field.name.slice(1)}`;
          const never = await ask(queryFor(way, field, random));
          if (reply.text.replaceAll(`\\"${field.name}\\"`, `\\"${random}\\"`) !== never.text)
            wrong.push(`tells: ${query} ${reply.text} ${never.text}`);
        }
        // Behind `node`, what may not be met at all is not there; everything else is said to be refused.
        const unmet = way.some((s) => s.onType !== null && !rights.type(s.onType));
        if (
          !hides &&
          !reply.errors.some((e) =>
            ['FORBIDDEN_FIELD', 'FORBIDDEN_INPUT', ...(unmet ? ['NOT_AVAILABLE'] : [])].includes(String(e.extensions.code)),
          )
        )
          wrong.push(`refused without a word: ${query} ${reply.text}`);
      }
      expect(wrong).toEqual([]);
      expect(counts.refused).toBeGreaterThan(50);
      expect(system.counted.tripwire).toEqual([]);
    },
    120_000,
  );
});

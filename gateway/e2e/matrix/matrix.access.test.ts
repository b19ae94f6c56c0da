import { readSupergraph } from '@commonweal/kit/config.ts';
import { buildCatalog, CEILINGS, PERSONAS, REFERENCE_CONSUMERS } from '@commonweal/schema';
import { cellsOf, profiles } from '@commonweal/schema/permissions.ts';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { coordinatesIn } from '../coordinates.ts';
import { startTestSystem, type TestSystem } from '../system.ts';
import { along, asked, DOORS, objectsAt, waysTo } from './paths.ts';

/** The permission matrix, proven over HTTP in both directions: what it gives comes back, what it does not give reaches no registry. */
const catalog = buildCatalog(parse(readSupergraph()));
/** Fields between registries: nobody sees them. */
const hidden = (coordinate: string) => /\.(ref|ticket)$/.test(coordinate);
// Not through `me`, which is null for all but beneficiaries: nothing below it would be asked for.
const anyWay = waysTo(
  catalog,
  () => true,
  DOORS.filter((d) => d !== 'me'),
);

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(inject('adminUrl'), { households: 300 });
}, 120_000);
afterAll(() => system?.stop());

/** Fields that few rows have a value for, so that a small country may have none. */
const RARE = new Set([
  'AccessLogEntry.operation',
  'Address.line1',
  'Address.line2',
  'Address.postalCode',
  'Benefit.quantity',
  'Benefit.unit',
  'Disability.severity',
  'Disability.type',
  'Enrollment.source',
  'Identifier.expiresOn',
  'Identifier.verifiedAt',
  'Membership.validTo',
  'Person.deathDate',
  'Person.disabilities',
  'Person.occupation',
  'PersonName.prefix',
  'PersonName.suffix',
  'Program.endsOn',
  'SharingPolicy.validUntil',
]);
/** Coordinates that came back with a value, for anybody. */
const seen = new Set<string>();
const expected = new Set<string>();

for (const { persona, purpose } of profiles()) {
  const kind = REFERENCE_CONSUMERS.find((c) => c.id === PERSONAS[persona]!.consumer)!.kind;
  const cells = cellsOf(catalog, { persona, purpose });
  const given = (coordinate: string) => cells.get(coordinate) !== 'no' && !hidden(coordinate);
  const ownWay = waysTo(catalog, given);
  const types = [...catalog.types.keys()].filter((t) => t !== 'Query' && t !== 'Mutation' && anyWay.has(t));

  describe(`${persona} for ${purpose}`, () => {
    it('is given every field that the matrix gives, without an error', async () => {
      for (const type of types) {
        const way = ownWay.get(type);
        const fields = [...catalog.types.get(type)!.fields.values()].filter((f) => given(f.coordinate));
        if (!way || fields.length === 0) continue;
        const answer = await system.ask(persona, along(way, fields.map((f) => asked(catalog, f)).join(' ')), undefined, { purpose });
        expect({ type, errors: answer.errors }).toEqual({ type, errors: undefined });
        const objects = objectsAt(answer.data, way);
        for (const f of fields) {
          expected.add(f.coordinate);
          if (objects.some((o) => o[f.coordinate.split('.')[1]!] != null)) seen.add(f.coordinate);
        }
      }
    });

    it('is given no field that the matrix does not give, and no registry is asked for it', async () => {
      for (const type of types) {
        const fields = [...catalog.types.get(type)!.fields.values()].filter((f) => !given(f.coordinate) && !hidden(f.coordinate));
        if (fields.length === 0) continue;
        const way = ownWay.get(type) ?? anyWay.get(type)!;
        const reachable = ownWay.has(type);
        system.fetches.length = 0;
        const answer = await system.ask(persona, along(way, fields.map((f) => asked(catalog, f)).join(' ')), undefined, { purpose });
        const fetched = coordinatesIn(system.fetches);
        expect(fields.map((f) => f.coordinate).filter((c) => fetched.has(c))).toEqual([]);
        if (CEILINGS[kind].disclosure === 'HIDE') {
          expect({ type, code: answer.errors?.[0]?.extensions.code, data: answer.data }).toEqual({
            type,
            code: 'GRAPHQL_VALIDATION_FAILED',
            data: undefined,
          });
          // A field that is hidden is refused in the words in which one is that never was.
          const unknown = (await system.ask(persona, along(way, 'neverWas'), undefined, { purpose })).errors!;
          if (reachable)
            for (const f of fields) {
              const name = f.coordinate.split('.')[1]!;
              const one = (await system.ask(persona, along(way, name), undefined, { purpose })).errors!;
              expect(one.map((e) => e.message)).toEqual(unknown.map((e) => e.message.replaceAll('neverWas', name)));
            }
        } else if (reachable) {
          for (const o of objectsAt(answer.data, way)) for (const f of fields) expect(o[f.coordinate.split('.')[1]!]).toBeNull();
          if (objectsAt(answer.data, way).length > 0)
            expect(answer.errors?.map((e) => e.extensions.code)).toEqual(fields.map(() => 'FORBIDDEN_FIELD'));
        } else {
          expect({ type, query: along(way, ''), errors: answer.errors?.length ?? 0, text: answer.text }).toMatchObject({
            errors: expect.toSatisfy((n: number) => n > 0),
          });
        }
      }
    });
  });
}

describe('the small country', () => {
  it('has a value for every field that anybody is given, but for a few that are rare', () => {
    expect([...expected].filter((c) => !seen.has(c) && !RARE.has(c))).toEqual([]);
  });
  it('raised no tripwire', () => {
    expect(system.logText()).not.toContain('tripwire');
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { dayOf } from './calendar.ts';
import { counties, nation } from './facts/counties.ts';
import { generateHouseholds } from './lives.ts';
import { BLOCK } from './population.ts';
import type { DuplicateTruth, GeneratedHousehold, GeneratedPerson } from './types.ts';

const options = { households: 20_000, seed: 20190824, asOf: '2025-06-30' };
const all = [...generateHouseholds(options)];
const persons = all.flatMap((one) => one.persons);
const personById = new Map(persons.map((person) => [person.id, person]));
const truths = all.flatMap((one) => one.duplicates);
const copies = new Set(truths.map(({ personId }) => personId));
const originals = persons.filter(({ id }) => !copies.has(id));

const digest = (households: Iterable<GeneratedHousehold>): string => {
  const hash = createHash('sha256');
  for (const household of households) hash.update(JSON.stringify(household));
  return hash.digest('hex');
};
const share = <T>(list: readonly T[], has: (one: T) => boolean): number => list.filter(has).length / list.length;
const age = (person: GeneratedPerson): number => Math.floor((dayOf(options.asOf) - dayOf(person.birthDate)) / 365.25);
const person = (id: string): GeneratedPerson => personById.get(id) as GeneratedPerson;
const areaOf = (county: number): string => `KE.${String(county).padStart(2, '0')}.`;

describe('stream', () => {
  test('the same seed gives the same country, another seed another', () => {
    const few = { ...options, households: 300 };
    expect(digest(generateHouseholds(few))).toBe(digest(all.slice(0, 300)));
    expect(digest(generateHouseholds({ ...few, seed: 1 }))).not.toBe(digest(all.slice(0, 300)));
  });

  test('a block can be made alone', () => {
    expect(digest(generateHouseholds({ ...options, first: BLOCK, households: 200 }))).toBe(digest(all.slice(BLOCK, BLOCK + 200)));
    expect(() => [...generateHouseholds({ ...options, first: 1, households: 1 })]).toThrow('multiple');
  });
});

describe('distribution', () => {
  test('counties have their share of the census, and households its average size', () => {
    const off = counties.filter(({ code, households }) => {
      const expected = households / nation.households;
      const found = share(all, ({ household }) => household.areaCode.startsWith(areaOf(code)));
      return Math.abs(found - expected) > 5 * Math.sqrt(expected / all.length);
    });
    expect(off).toEqual([]);
    const own = all.filter(({ persons: members, duplicates }) => members.length > duplicates.length);
    expect(Math.abs(originals.length / own.length - nation.averageHouseholdSize)).toBeLessThan(0.15);
  });

  test('sexes and ages are close to the census', () => {
    const men = share(originals, ({ sex }) => sex === 'MALE');
    expect(Math.abs((100 * men) / (1 - men) - nation.malesPer100Females)).toBeLessThan(3);
    const bands = { 0: 39.0, 15: 36.1, 35: 19.2, 60: 3.2, 70: 2.5, 200: 0 };
    const starts = Object.keys(bands).map(Number);
    const off = starts.slice(0, -1).map((from, index) => {
      const found = share(originals, (one) => age(one) >= from && age(one) < (starts[index + 1] as number));
      return Math.abs(100 * found - bands[from as keyof typeof bands]);
    });
    expect(Math.max(...off)).toBeLessThan(1.5);
  });

  test('disability is as frequent as in the census, and rises with age', () => {
    const counted = (list: readonly GeneratedPerson[]) =>
      100 * share(list, ({ disabilities }) => disabilities.some(({ severity }) => severity > 1));
    const counting = originals.filter((one) => age(one) >= 5);
    expect(Math.abs(counted(counting) - nation.disability)).toBeLessThan(0.3);
    expect(counted(counting.filter((one) => age(one) > 69))).toBeGreaterThan(4 * counted(counting.filter((one) => age(one) < 30)));
    const embu = counting.filter(({ areaCode }) => areaCode.startsWith(areaOf(14)));
    const wajir = counting.filter(({ areaCode }) => areaCode.startsWith(areaOf(8)));
    expect(counted(embu)).toBeGreaterThan(2 * counted(wajir));
  });

  test('names cluster by region', () => {
    const named = (surname: string, county: number) =>
      share(
        originals.filter(({ areaCode }) => areaCode.startsWith(areaOf(county))),
        (one) => one.surname === surname,
      );
    expect(named('Cheruiyot', 36)).toBeGreaterThan(10 * named('Cheruiyot', 41));
    expect(named('Otieno', 41)).toBeGreaterThan(10 * named('Otieno', 36));
  });

  test('poverty bands are fifths, and the poorest county is poorer than the capital', () => {
    const bands = Map.groupBy(all, ({ household }) => household.povertyScore.band);
    expect([...bands.values()].map((list) => (list.length / all.length).toFixed(1))).toEqual(['0.2', '0.2', '0.2', '0.2', '0.2']);
    const poorest = (bands.get('POOREST') ?? []).map(({ household }) => household.areaCode);
    const poor = (county: number) =>
      poorest.filter((code) => code.startsWith(areaOf(county))).length /
      all.filter(({ household }) => household.areaCode.startsWith(areaOf(county))).length;
    expect(poor(23)).toBeGreaterThan(5 * poor(47));
  });
});

describe('households', () => {
  test('each has one head, and its counts are those of its living members', () => {
    const wrong = all.filter(({ household, memberships }) => {
      const now = memberships.filter(({ householdId, validTo }) => householdId === household.id && validTo === null);
      const heads = now.filter(({ relationship }) => relationship === 'HEAD').map(({ personId }) => personId);
      const { size, children, adults, elderly, headPersonId } = household;
      const alive = size > 0 ? heads.length === 1 && heads[0] === headPersonId : heads.length === 0 && household.status === 'INACTIVE';
      return now.length !== size || children + adults + elderly !== size || !alive;
    });
    expect(wrong).toEqual([]);
  });

  test('children are at least 14 years younger than a mother in the household', () => {
    const tooClose = all.filter(({ persons: members, memberships, duplicates }) => {
      // Births of duplicates are falsified on purpose, and a widow may have followed a head who was the father.
      if (duplicates.length > 0 || members.some(({ status }) => status === 'DECEASED')) return false;
      const births = (...relationships: string[]) =>
        memberships
          .filter(({ relationship, validTo }) => validTo === null && relationships.includes(relationship))
          .map(({ personId }) => person(personId));
      const mothers = births('HEAD', 'SPOUSE').filter(({ sex }) => sex === 'FEMALE');
      if (mothers.length === 0) return false;
      const eldest = Math.min(...mothers.map(({ birthDate }) => dayOf(birthDate)));
      return births('CHILD').some(({ birthDate }) => dayOf(birthDate) - eldest < 14 * 365.25);
    });
    expect(tooClose).toEqual([]);
  });

  test('there are lone mothers, old people alone, children at the head, three generations and several wives', () => {
    const of = (has: (one: GeneratedHousehold, relationships: readonly string[], head: GeneratedPerson) => boolean) =>
      all.filter((one) =>
        has(
          one,
          one.memberships.filter(({ validTo }) => validTo === null).map(({ relationship }) => relationship),
          person(one.household.headPersonId),
        ),
      ).length;
    expect(
      of(({ household }, list, head) => household.size > 1 && head.sex === 'FEMALE' && !list.includes('SPOUSE') && list.includes('CHILD')),
    ).toBeGreaterThan(1000);
    expect(of(({ household }, _, head) => household.size === 1 && age(head) > 69)).toBeGreaterThan(200);
    expect(of((_, __, head) => age(head) < 18)).toBeGreaterThan(10);
    expect(of((_, list) => list.includes('CHILD') && list.includes('GRANDCHILD'))).toBeGreaterThan(500);
    expect(of((_, list) => list.filter((one) => one === 'SPOUSE').length === 2)).toBeGreaterThan(50);
  });

  test('nobody belongs to two households on one day, and some had an earlier home', () => {
    const areas = new Map(all.map(({ household }) => [household.id, household.areaCode]));
    const rows = all.flatMap((one) => one.memberships);
    const byPerson = [...Map.groupBy(rows, ({ personId }) => personId).values()].map((list) =>
      list.toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1)),
    );
    const overlapping = byPerson.filter((list) =>
      list.some(
        ({ validFrom, validTo }, index) =>
          (validTo !== null && validTo < validFrom) || (index > 0 && (list[index - 1]?.validTo ?? '9') >= validFrom),
      ),
    );
    expect(overlapping).toEqual([]);
    expect(rows.filter(({ householdId, areaCode }) => areas.get(householdId) !== areaCode)).toEqual([]);
    const moved = share(byPerson, (list) => new Set(list.map(({ householdId }) => householdId)).size > 1);
    expect(Math.abs(moved - 0.06)).toBeLessThan(0.015);
  });
});

describe('persons', () => {
  test('dates are in order and not after the day looked at', () => {
    const wrong = persons.filter(
      ({ birthDate, registeredOn, updatedOn, deathDate }) =>
        birthDate > registeredOn ||
        registeredOn > updatedOn ||
        updatedOn > options.asOf ||
        (deathDate !== null && (deathDate <= registeredOn || deathDate >= options.asOf)),
    );
    expect(wrong).toEqual([]);
    expect(Math.abs(share(persons, ({ deathDate }) => deathDate !== null) - 0.01)).toBeLessThan(0.004);
  });

  test('numbers are unique; most adults have a national id, most children a birth registration, and some people nothing', () => {
    const numbers = all.flatMap((one) => one.identifiers);
    expect(new Set(numbers.map(({ type, value }) => `${type} ${value}`)).size).toBe(numbers.length);
    const having = (type: string) => new Set(numbers.filter((one) => one.type === type).map(({ personId }) => personId));
    const [national, birth] = [having('UIN'), having('BRN')];
    expect(
      Math.abs(
        share(
          originals.filter((one) => age(one) > 18),
          ({ id }) => national.has(id),
        ) - 0.92,
      ),
    ).toBeLessThan(0.03);
    expect(
      Math.abs(
        share(
          originals.filter((one) => age(one) < 17),
          ({ id }) => birth.has(id),
        ) - 0.7,
      ),
    ).toBeLessThan(0.03);
    const any = new Set(numbers.map(({ personId }) => personId));
    expect(Math.abs(share(persons, ({ id }) => any.has(id)) - 0.79)).toBeLessThan(0.04);
    expect(numbers.filter(({ type, value }) => type === 'UIN' && !/^[0-9OISBZ]{7,9}$/.test(value))).toEqual([]);
  });

  test('about one in ten is registered twice, and the truth table says how', () => {
    expect(Math.abs(truths.length / originals.length - 0.1)).toBeLessThan(0.015);
    expect(new Set(truths.map(({ duplicateOfPersonId }) => duplicateOfPersonId)).size).toBe(truths.length);
    const untrue = truths.filter(({ personId, duplicateOfPersonId, errors }: DuplicateTruth) => {
      const [copy, original] = [person(personId), person(duplicateOfPersonId)];
      const renamed = copy.given !== original.given || copy.surname !== original.surname || copy.second !== original.second;
      return (
        copies.has(duplicateOfPersonId) ||
        copy.status !== 'ACTIVE' ||
        renamed !== errors.some((error) => error.includes('NAME')) ||
        (copy.birthDate !== original.birthDate) !== errors.some((error) => error.startsWith('BIRTH')) ||
        (copy.sex !== original.sex) !== errors.includes('SEX_WRONG') ||
        (copy.phones.join() !== original.phones.join()) !== errors.includes('PHONE_CHANGED')
      );
    });
    expect(untrue).toEqual([]);
    expect(share(truths, ({ errors }) => errors.length > 0)).toBeGreaterThan(0.9);
  });
});

import { type County, counties, nation } from './facts/counties.ts';
import { places } from './facts/places.ts';
import { subCounties } from './facts/sub-counties.ts';
import type { Random, Weighted } from './random.ts';
import { byWeight, weighted } from './random.ts';
import type { GeneratedAddress } from './types.ts';

/** An administrative area, as the registry's reference table holds it. */
export interface Area {
  /** Codes on the way down from the country, joined by dots: `KE`, `KE.23`, `KE.23.02`. */
  code: string;
  name: string;
  level: 'COUNTRY' | 'COUNTY' | 'SUB_COUNTY';
  parentCode: string | null;
  population: number;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** The country, its 47 counties and their sub-counties, parents before children. */
export const areas: readonly Area[] = [
  { code: 'KE', name: 'Kenya', level: 'COUNTRY', parentCode: null, population: nation.population },
  ...counties.map(({ code, name, population }): Area => ({ code: `KE.${two(code)}`, name, level: 'COUNTY', parentCode: 'KE', population })),
  ...counties.flatMap(({ code }) =>
    Object.entries(subCounties[code] ?? {}).map(
      ([name, population], index): Area => ({
        code: `KE.${two(code)}.${two(index + 1)}`,
        name,
        level: 'SUB_COUNTY',
        parentCode: `KE.${two(code)}`,
        population,
      }),
    ),
  ),
];

/** A sub-county with the names of places in it. */
export interface SubCounty {
  code: string;
  name: string;
  localities: readonly string[];
}

/** What the generator knows of a county. */
export interface CountyProfile {
  county: County;
  subCounties: Weighted<SubCounty>;
  /** Share of households in towns; an estimate, see `urbanShare`. */
  urban: number;
  /** Means of its households in standard deviations between counties. */
  means: number;
}

/**
 * The census tables at hand give rural and urban figures for the nation only. The share of a county's households in towns is
 * read off where its internet and television lie between the rural and the urban average. Nairobi and Mombasa are towns all over.
 */
function urbanShare({ code, internetAtHome, television }: County): number {
  if (code === 47 || code === 1) return 1;
  const between = (value: number, { rural, urban }: { rural: number; urban: number }) => (value - rural) / (urban - rural);
  const share = (between(internetAtHome, nation.internetAtHome) + between(television, nation.television)) / 2;
  return Math.min(0.95, Math.max(0.06, share));
}

function meansOf(county: County): number {
  const assets = (one: County) => Math.log(one.internetAtHome) + Math.log(one.television);
  const all = counties.map(assets);
  const average = all.reduce((sum, value) => sum + value, 0) / all.length;
  const spread = Math.sqrt(all.reduce((sum, value) => sum + (value - average) ** 2, 0) / all.length);
  return (assets(county) - average) / spread;
}

const localityKinds = ['Township', 'Market', 'Hill', 'Central', 'East', 'West', 'Lower', 'Upper'];

/** Counties to draw a household's from, by number of households. */
export const countyProfiles: Weighted<CountyProfile> = weighted(
  counties.map((county) => ({
    county,
    urban: urbanShare(county),
    means: meansOf(county),
    subCounties: weighted(
      areas
        .filter(({ parentCode }) => parentCode === `KE.${two(county.code)}`)
        .map(({ code, name }) => ({ code, name, localities: localityKinds.map((kind) => `${name} ${kind}`) })),
      Object.values(subCounties[county.code] ?? {}),
    ),
  })),
  counties.map(({ households }) => households),
);

const streets = [
  'Moi Avenue',
  'Kenyatta Road',
  'Market Street',
  'Station Road',
  'Uhuru Road',
  'Hospital Road',
  'Mission Road',
  'Stadium Road',
];
const landmarks = byWeight({
  'Primary School': 9,
  'Secondary School': 4,
  Dispensary: 5,
  'Health Centre': 3,
  'Chief’s Camp': 5,
  Market: 6,
  'Catholic Church': 4,
  'AIC Church': 4,
  Mosque: 3,
  Borehole: 4,
  'Cattle Dip': 2,
  'Posho Mill': 3,
  'Bus Stage': 3,
  'Water Pan': 2,
  'Coffee Factory': 1,
});
const directions = ['Near', 'Behind', 'Opposite', '500 m past', 'Next to', '2 km from', 'Below', 'Left of'];

/** An address, a landmark, or null: in the countryside few houses have an address, and one household in twelve names nothing. */
export function drawAddress(random: Random, { county }: CountyProfile, subCounty: SubCounty, urban: boolean): GeneratedAddress | null {
  const known = random.float();
  if (known < (urban ? 0.05 : 0.09)) return null;
  const [, , postalCode, latitude, longitude] = places[county.code - 1] as (typeof places)[number];
  const locality = random.oneOf(subCounty.localities);
  // 111 km to a degree; half the radius of a circle of the county's area keeps most points within it.
  const reach = Math.sqrt(county.areaKm2 / Math.PI) / 222;
  const addressed = known < (urban ? 0.7 : 0.3);
  return {
    line1: addressed ? (urban ? `House ${random.between(1, 180)}, ${random.oneOf(streets)}` : `P.O. Box ${random.between(1, 2400)}`) : null,
    locality,
    postalCode: addressed ? postalCode : null,
    landmark: addressed ? null : `${random.oneOf(directions)} ${subCounty.name} ${random.pick(landmarks)}`,
    latitude: coordinate(latitude + reach * clipped(random.normal())),
    longitude: coordinate(longitude + reach * clipped(random.normal())),
  };
}

const clipped = (value: number): number => Math.max(-1.8, Math.min(1.8, value));
const coordinate = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

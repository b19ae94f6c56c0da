import { femaleNames, maleNames, type NameRegion } from './facts/given-names.ts';
import { regions, regionsOfCounty } from './facts/regions.ts';
import { surnames } from './facts/surnames.ts';
import { type Random, type Weighted, weighted, zipf } from './random.ts';

/** The names of one person. */
export interface Names {
  given: string;
  second: string | null;
  surname: string;
}

/** How one household draws its names, and what it speaks. */
export interface NameStyle {
  muslim: boolean;
  /** Share of first names from the regional list. */
  regionalGiven: number;
  given: { MALE: Weighted<string>; FEMALE: Weighted<string> };
  regional: { MALE: Weighted<string>; FEMALE: Weighted<string> };
  surnames: Weighted<string>;
  languages: Weighted<LanguageSets>;
}

/** The languages of persons in one home: with little, some and much schooling. */
export type LanguageSets = readonly [readonly string[], readonly string[], readonly string[]];

const common = { MALE: zipf(maleNames.common, 8), FEMALE: zipf(femaleNames.common, 8) };
const muslim = { MALE: zipf(maleNames.muslim), FEMALE: zipf(femaleNames.muslim) };

function styleOf(region: NameRegion, isMuslim: boolean): NameStyle {
  return {
    muslim: isMuslim,
    regionalGiven: regions[region].regionalGiven,
    given: isMuslim ? muslim : common,
    regional: { MALE: zipf(maleNames.regional[region]), FEMALE: zipf(femaleNames.regional[region]) },
    surnames: isMuslim && region !== 'northEast' && region !== 'upperNorth' ? muslim.MALE : zipf(surnames[region]),
    languages: weighted(
      Object.keys(regions[region].languages).map((code): LanguageSets => [[code], [code, 'swa'], [code, 'swa', 'eng']]),
      Object.values(regions[region].languages),
    ),
  };
}

/** By county number: the styles of its households, weighted. */
const stylesOfCounty: ReadonlyMap<number, Weighted<NameStyle>> = new Map(
  Object.entries(regionsOfCounty).map(([county, shares]) => {
    const entries = Object.entries(shares) as [NameRegion, number][];
    return [
      Number(county),
      weighted(
        entries.flatMap(([region]) => [styleOf(region, true), styleOf(region, false)]),
        entries.flatMap(([region, share]) => [share * regions[region].muslim, share * (1 - regions[region].muslim)]),
      ),
    ];
  }),
);

/** Draws how a household of a county is named. */
export function drawNameStyle(random: Random, county: number): NameStyle {
  return random.pick(stylesOfCounty.get(county) as Weighted<NameStyle>);
}

/** Draws the names of an adult, or of a child whose father is not known. */
export function drawNames(random: Random, style: NameStyle, sex: 'MALE' | 'FEMALE'): Names {
  return { given: drawGiven(random, style, sex), second: drawSecond(random, style, sex), surname: random.pick(style.surnames) };
}

/** Draws the names of a child: the father's surname, or in Muslim families the father's first two names as a chain. */
export function drawChildNames(random: Random, style: NameStyle, sex: 'MALE' | 'FEMALE', father: Names): Names {
  const given = drawGiven(random, style, sex);
  return style.muslim
    ? { given, second: father.given, surname: father.second ?? father.surname }
    : { given, second: drawSecond(random, style, sex), surname: father.surname };
}

function drawGiven(random: Random, style: NameStyle, sex: 'MALE' | 'FEMALE'): string {
  return random.pick(!style.muslim && random.chance(style.regionalGiven) ? style.regional[sex] : style.given[sex]);
}

function drawSecond(random: Random, style: NameStyle, sex: 'MALE' | 'FEMALE'): string | null {
  if (style.muslim) return random.pick(style.given.MALE);
  const kind = random.float();
  return kind < 0.1 ? null : random.pick(kind < 0.2 ? style.given[sex] : style.regional[sex]);
}

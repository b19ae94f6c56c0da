import type { NameRegion } from './given-names.ts';

/** How people of a region are named, and what they speak. */
export interface Region {
  /** Share of households that use the Muslim list for given names. */
  muslim: number;
  /** Share of the others whose first name is from the regional list instead of the common one. */
  regionalGiven: number;
  /** Languages spoken at home, ISO 639-3, with weights. */
  languages: Readonly<Record<string, number>>;
}

/** The regions. Shares are judgements made for the generator. */
export const regions: Readonly<Record<NameRegion, Region>> = {
  central: { muslim: 0.01, regionalGiven: 0.06, languages: { kik: 1 } },
  upperEast: { muslim: 0.02, regionalGiven: 0.07, languages: { mer: 0.7, ebu: 0.3 } },
  lowerEast: { muslim: 0.01, regionalGiven: 0.08, languages: { kam: 1 } },
  highRift: { muslim: 0.01, regionalGiven: 0.1, languages: { kln: 1 } },
  west: { muslim: 0.05, regionalGiven: 0.06, languages: { luy: 0.9, teo: 0.1 } },
  lake: { muslim: 0.02, regionalGiven: 0.05, languages: { luo: 1 } },
  southWest: { muslim: 0.01, regionalGiven: 0.06, languages: { guz: 0.88, kuj: 0.12 } },
  coast: { muslim: 0.45, regionalGiven: 0.3, languages: { nyf: 0.6, dig: 0.2, dav: 0.1, pkb: 0.1 } },
  northEast: { muslim: 0.93, regionalGiven: 0.9, languages: { som: 1 } },
  upperNorth: { muslim: 0.5, regionalGiven: 0.75, languages: { gax: 0.85, rel: 0.15 } },
  northWest: { muslim: 0.01, regionalGiven: 0.3, languages: { tuv: 0.65, pko: 0.35 } },
  southRift: { muslim: 0.01, regionalGiven: 0.25, languages: { mas: 0.8, saq: 0.2 } },
};

/** Which regions the names in a county come from, by county number, with weights. Towns draw from all over the country. */
export const regionsOfCounty: Readonly<Record<number, Partial<Record<NameRegion, number>>>> = {
  1: { coast: 50, lowerEast: 16, lake: 12, west: 8, central: 6, northEast: 4, southWest: 4 },
  2: { coast: 88, lowerEast: 10, lake: 2 },
  3: { coast: 90, lowerEast: 5, central: 3, lake: 2 },
  4: { coast: 55, upperNorth: 25, northEast: 20 },
  5: { coast: 72, central: 20, northEast: 8 },
  6: { coast: 80, lowerEast: 14, central: 3, lake: 3 },
  7: { northEast: 94, coast: 3, lowerEast: 3 },
  8: { northEast: 92, upperNorth: 8 },
  9: { northEast: 97, upperNorth: 3 },
  10: { upperNorth: 84, northEast: 8, southRift: 4, northWest: 4 },
  11: { upperNorth: 48, northEast: 14, upperEast: 22, northWest: 10, southRift: 6 },
  12: { upperEast: 94, central: 4, northEast: 2 },
  13: { upperEast: 95, lowerEast: 3, central: 2 },
  14: { upperEast: 72, lowerEast: 14, central: 14 },
  15: { lowerEast: 97, upperEast: 2, northEast: 1 },
  16: { lowerEast: 88, central: 7, lake: 3, west: 2 },
  17: { lowerEast: 98, central: 2 },
  18: { central: 97, highRift: 2, upperEast: 1 },
  19: { central: 95, upperEast: 4, northWest: 1 },
  20: { central: 92, upperEast: 6, lowerEast: 2 },
  21: { central: 96, lowerEast: 4 },
  22: { central: 72, lowerEast: 9, west: 7, lake: 6, southWest: 4, upperEast: 2 },
  23: { northWest: 96, northEast: 2, upperNorth: 2 },
  24: { northWest: 88, highRift: 8, west: 4 },
  25: { southRift: 72, northWest: 20, upperNorth: 5, central: 3 },
  26: { west: 62, highRift: 26, central: 6, northWest: 4, southWest: 2 },
  27: { highRift: 66, west: 16, central: 10, lake: 5, southWest: 3 },
  28: { highRift: 96, west: 2, central: 2 },
  29: { highRift: 86, west: 12, lake: 2 },
  30: { highRift: 82, northWest: 14, central: 4 },
  31: { central: 62, highRift: 8, southRift: 10, northWest: 9, upperEast: 11 },
  32: { central: 48, highRift: 30, west: 7, lake: 6, southWest: 6, lowerEast: 3 },
  33: { southRift: 56, highRift: 30, southWest: 6, central: 6, lake: 2 },
  34: { southRift: 42, central: 26, lowerEast: 16, lake: 6, west: 6, southWest: 4 },
  35: { highRift: 86, southWest: 6, lake: 5, west: 3 },
  36: { highRift: 95, southWest: 5 },
  37: { west: 94, lake: 4, highRift: 2 },
  38: { west: 96, lake: 3, highRift: 1 },
  39: { west: 90, highRift: 8, lake: 2 },
  40: { west: 82, lake: 18 },
  41: { lake: 95, west: 5 },
  42: { lake: 84, west: 10, southWest: 3, highRift: 2, central: 1 },
  43: { lake: 94, southWest: 4, west: 2 },
  44: { lake: 66, southWest: 30, west: 4 },
  45: { southWest: 96, lake: 4 },
  46: { southWest: 94, highRift: 4, lake: 2 },
  47: { central: 29, west: 18, lake: 17, lowerEast: 16, southWest: 7, northEast: 6, upperEast: 4, highRift: 2, coast: 1 },
};

/**
 * The 47 counties of Kenya with the figures the generator needs.
 *
 * Source: 2019 Kenya Population and Housing Census, Kenya National Bureau of Statistics.
 * Population: Volume I, Table 2.2. Households and the population in them: Volume I, Table 2.3. Area: Volume I, Table 2.4.
 * Age shares: summed from Volume III, Table 2.3. Disability (5 years and older): Volume IV, Table 2.26.
 * Work (5 years and older): Volume IV, Table 2.8a. Internet users (3 years and older): Volume IV, Table 2.33.
 * Assets of households: Volume IV, Table 2.36.
 */

type Row = readonly [
  code: number,
  name: string,
  male: number,
  female: number,
  population: number,
  households: number,
  householdPopulation: number,
  areaKm2: number,
  under15: number,
  over65: number,
  disability: number,
  workingMale: number,
  workingFemale: number,
  seekingWork: number,
  internetUsers: number,
  internetAtHome: number,
  television: number,
];

/** A county. Every field from `under15` on is a percentage: of the population, of its age group, or of households. */
export interface County {
  /** Official county number, 1 (Mombasa) to 47 (Nairobi City). */
  code: number;
  name: string;
  male: number;
  female: number;
  /** Everybody counted, intersex persons and persons outside households included. */
  population: number;
  households: number;
  householdPopulation: number;
  areaKm2: number;
  under15: number;
  over65: number;
  disability: number;
  workingMale: number;
  workingFemale: number;
  seekingWork: number;
  internetUsers: number;
  internetAtHome: number;
  television: number;
}

const rows: readonly Row[] = [
  [1, 'Mombasa', 610257, 598046, 1208333, 378422, 1190987, 219.9, 32.6, 1.9, 1.36, 48.1, 32.9, 13.6, 39.2, 28.2, 57.2],
  [2, 'Kwale', 425121, 441681, 866820, 173176, 858748, 8267.1, 44.7, 3.8, 1.67, 44.4, 47.1, 6.1, 12.4, 9.8, 23.1],
  [3, 'Kilifi', 704089, 749673, 1453787, 298472, 1440958, 12539.7, 42.2, 3.8, 1.62, 41.7, 44.4, 6.2, 15.1, 11.6, 25.9],
  [4, 'Tana River', 158550, 157391, 315943, 68242, 314710, 37950.5, 48.4, 3.1, 1.54, 45.9, 44.3, 9.9, 8.9, 5.5, 15.3],
  [5, 'Lamu', 76103, 67813, 143920, 37963, 141909, 6253.3, 38.9, 4.0, 1.95, 52.9, 44.0, 5.9, 19.4, 11.8, 30.8],
  [6, 'Taita/Taveta', 173337, 167327, 340671, 96429, 335747, 17152, 34.0, 5.8, 2.79, 54.9, 53.1, 5.7, 23.9, 15.9, 38.6],
  [7, 'Garissa', 458975, 382344, 841353, 141394, 835482, 44736, 45.6, 1.7, 0.72, 35.9, 33.9, 23.9, 12.2, 6.3, 12.9],
  [8, 'Wajir', 415374, 365840, 781263, 127932, 775302, 56773.1, 50.3, 1.5, 0.58, 44.2, 45.0, 17.8, 8.3, 3.5, 6.6],
  [9, 'Mandera', 434976, 432444, 867457, 125763, 862079, 25939.8, 54.8, 1.5, 0.89, 43.1, 43.4, 13.4, 7.8, 3.5, 8.3],
  [10, 'Marsabit', 243548, 216219, 459785, 77495, 447150, 70944.1, 46.9, 3.0, 0.82, 49.3, 45.0, 12.5, 8.3, 4.4, 14.7],
  [11, 'Isiolo', 139510, 128483, 268002, 58072, 267997, 25350.6, 45.0, 3.0, 1.19, 46.8, 42.4, 12.1, 14.2, 8.9, 26.8],
  [12, 'Meru', 767698, 777975, 1545714, 426360, 1535635, 7006.3, 35.0, 5.6, 3.65, 51.7, 50.8, 5.6, 19.3, 10.2, 34.5],
  [13, 'Tharaka-Nithi', 193764, 199406, 393177, 109860, 391303, 2564.4, 33.5, 7.1, 3.71, 53.4, 55.5, 3.9, 18.8, 11.5, 29.8],
  [14, 'Embu', 304208, 304367, 608599, 182743, 604769, 2820.7, 31.3, 6.4, 4.38, 58.4, 58.3, 3.7, 22.1, 14.7, 42],
  [15, 'Kitui', 549003, 587151, 1136187, 262942, 1130134, 30429.5, 39.1, 6.3, 2.69, 45.4, 51.2, 3.2, 13.6, 6.8, 19.5],
  [16, 'Machakos', 710707, 711191, 1421932, 402466, 1414022, 6042.7, 32.6, 5.6, 2.5, 52.8, 53.0, 6.1, 25.8, 17.6, 42.6],
  [17, 'Makueni', 489691, 497942, 987653, 244669, 977015, 8169.8, 34.9, 6.8, 4.13, 49.7, 53.8, 3.6, 16.1, 9.4, 24.5],
  [18, 'Nyandarua', 315022, 323247, 638289, 179686, 636002, 3285.7, 35.7, 5.6, 2.87, 55.1, 57.4, 1.7, 20.6, 12.4, 48.9],
  [19, 'Nyeri', 374288, 384845, 759164, 248050, 752695, 3325, 29.6, 8.0, 3.22, 58.7, 60.2, 3.6, 29.9, 21.2, 59.5],
  [20, 'Kirinyaga', 302011, 308369, 610411, 204188, 605630, 1478.3, 28.8, 6.5, 3.44, 61.5, 61.6, 3.3, 24.1, 13.6, 54],
  [21, "Murang'a", 523940, 532669, 1056640, 318105, 1053059, 2524.2, 32.4, 8.5, 3.73, 57.4, 59.3, 3.6, 20.7, 11.9, 47.9],
  [22, 'Kiambu', 1187146, 1230454, 2417735, 795241, 2402834, 2538.6, 30.9, 3.6, 2.09, 55.7, 49.5, 7.8, 42.7, 39.1, 70],
  [23, 'Turkana', 478087, 448868, 926976, 164519, 922210, 68232.9, 45.2, 2.5, 1.01, 42.5, 40.3, 18.4, 6.9, 4.4, 7.4],
  [24, 'West Pokot', 307013, 314213, 621241, 116182, 618867, 9123.2, 51.1, 2.9, 1.03, 46.5, 49.0, 3.9, 8.1, 3.5, 9.7],
  [25, 'Samburu', 156774, 153546, 310327, 65910, 307957, 21065.1, 49.0, 3.0, 1.31, 55.6, 56.6, 5.5, 9.7, 6.8, 13.5],
  [26, 'Trans Nzoia', 489107, 501206, 990341, 223808, 985333, 2495.2, 42.6, 3.5, 2.04, 41.8, 42.4, 4.5, 16.9, 11, 34.3],
  [27, 'Uasin Gishu', 580269, 582889, 1163186, 304943, 1152671, 3392.2, 36.8, 3.0, 1.49, 46.1, 43.1, 6.5, 28.0, 20.4, 47.3],
  [28, 'Elgeyo/Marakwet', 227317, 227151, 454480, 99861, 453403, 3032, 42.1, 4.2, 1.24, 43.5, 44.6, 3.9, 14.2, 5, 17.5],
  [29, 'Nandi', 441259, 444430, 885711, 199426, 883634, 2855.8, 39.3, 4.1, 1.83, 46.3, 48.0, 3.3, 17.1, 8.8, 27.1],
  [30, 'Baringo', 336322, 330428, 666763, 142518, 662760, 10976.4, 44.4, 3.9, 1.53, 47.5, 48.8, 5.0, 15.3, 8.2, 23],
  [31, 'Laikipia', 259440, 259102, 518560, 149271, 513879, 9532.2, 37.6, 4.9, 1.86, 53.4, 53.3, 4.8, 22.6, 17.5, 44.4],
  [32, 'Nakuru', 1077272, 1084835, 2162202, 616046, 2142667, 7462.4, 37.7, 3.4, 1.81, 49.7, 47.6, 5.1, 26.8, 20.9, 52.5],
  [33, 'Narok', 579042, 578805, 1157873, 241125, 1149379, 17950.3, 48.9, 2.4, 0.94, 47.6, 49.0, 2.5, 12.0, 6.9, 19.3],
  [34, 'Kajiado', 557098, 560704, 1117840, 316179, 1107296, 21871.1, 38.6, 2.1, 1.09, 50.6, 44.7, 8.4, 33.1, 29.1, 51.7],
  [35, 'Kericho', 450741, 451008, 901777, 206036, 896863, 2436.1, 39.3, 3.7, 1.09, 49.1, 50.3, 2.8, 19.0, 11.1, 29.3],
  [36, 'Bomet', 434287, 441379, 875689, 187641, 873023, 2530.9, 41.7, 3.6, 1.2, 45.6, 49.3, 2.1, 16.6, 8, 18.5],
  [37, 'Kakamega', 897133, 970406, 1867579, 433207, 1861332, 3020, 42.1, 4.6, 2.93, 43.1, 46.8, 3.0, 14.5, 8.6, 29.2],
  [38, 'Vihiga', 283678, 306323, 590013, 143365, 587189, 563.8, 39.1, 7.5, 3.83, 45.7, 49.8, 2.9, 14.1, 8.8, 31.2],
  [39, 'Bungoma', 812146, 858389, 1670570, 358796, 1663898, 3023.9, 44.3, 3.6, 2.02, 41.7, 45.3, 2.8, 13.8, 7.2, 25.4],
  [40, 'Busia', 426252, 467401, 893681, 198152, 886856, 1696.3, 42.5, 4.3, 2.65, 43.4, 47.2, 2.9, 13.5, 7.4, 27.2],
  [41, 'Siaya', 471669, 521496, 993183, 250698, 989708, 2529.8, 41.3, 6.0, 4.1, 45.0, 49.8, 2.6, 14.9, 8.3, 28.3],
  [42, 'Kisumu', 560942, 594609, 1155574, 300745, 1144777, 2085.4, 39.2, 3.9, 3.98, 43.6, 42.9, 5.1, 23.9, 20, 45.1],
  [43, 'Homa Bay', 539560, 592367, 1131950, 262036, 1125823, 3152.5, 44.5, 4.4, 4.35, 40.4, 45.7, 2.8, 15.2, 8.2, 26.3],
  [44, 'Migori', 536187, 580214, 1116436, 240168, 1108950, 2613.5, 45.9, 3.2, 3.1, 40.3, 44.0, 3.5, 14.3, 9.1, 28.1],
  [45, 'Kisii', 605784, 661038, 1266860, 308054, 1260509, 1323, 40.3, 4.5, 3.25, 43.2, 47.5, 3.7, 16.0, 8.8, 30.7],
  [46, 'Nyamira', 290907, 314656, 605576, 150669, 603051, 897.3, 39.1, 5.0, 3.26, 44.2, 48.5, 3.5, 15.9, 7.3, 30.3],
  [47, 'Nairobi City', 2192452, 2204376, 4397073, 1506888, 4337080, 703.9, 30.4, 1.3, 1.12, 54.6, 40.6, 11.1, 52.4, 42.1, 68.7],
];

/** All counties, in the order of their official numbers. */
export const counties: readonly County[] = rows.map((row) => ({
  code: row[0],
  name: row[1],
  male: row[2],
  female: row[3],
  population: row[4],
  households: row[5],
  householdPopulation: row[6],
  areaKm2: row[7],
  under15: row[8],
  over65: row[9],
  disability: row[10],
  workingMale: row[11],
  workingFemale: row[12],
  seekingWork: row[13],
  internetUsers: row[14],
  internetAtHome: row[15],
  television: row[16],
}));

/** National figures of the same tables, to which the generated country is compared. */
export const nation = {
  population: 47_564_296,
  households: 12_143_913,
  averageHouseholdSize: 3.9,
  malesPer100Females: 98.1,
  /** Percent of persons of 5 years and older. */
  disability: 2.2,
  /** Percent of conventional households with internet, and with a television, in the countryside and in towns. */
  internetAtHome: { rural: 6.9, urban: 35.4 },
  television: { rural: 26.9, urban: 62.5 },
} as const;

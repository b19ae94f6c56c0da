import type { ScoreBand } from './codes.ts';
import type { Draft } from './draft.ts';
import type { Random } from './random.ts';

/** Upper limits of the bands: the fifths found in a generated country of 100,000 households. */
const limits: readonly (readonly [below: number, band: ScoreBand])[] = [
  [40.6, 'POOREST'],
  [49.1, 'POOR'],
  [57, 'VULNERABLE'],
  [66.7, 'RESILIENT'],
];

/** The formula under which scores are on record. */
export const scoreFormula = { type: 'PMT', version: '2024.1' } as const;

/** The band of a score. */
export function bandOf(score: number): ScoreBand {
  return limits.find(([below]) => score < below)?.[1] ?? 'BETTER_OFF';
}

/**
 * A proxy-means-test score of a household, 0 (poorest) to 100: means, schooling and work of the head, size, dependents,
 * disability and a lone woman at the head, with an error as such tests have.
 */
export function drawScore(random: Random, { members, means, urban }: Draft): number {
  let dependents = 0;
  let disabled = 0;
  let earners = 0;
  for (const member of members) {
    if (member.age < 15 || member.age > 64) dependents++;
    if (member.severity > 1) disabled = 1;
    if (member.person.occupation !== null) earners++;
  }
  const head = members[0]?.person;
  const size = members.length;
  const score =
    50 +
    8 * means +
    1.8 * ((head?.educationLevel ?? 0) - 1.8) +
    (urban ? 3 : -1) -
    1.1 * (size - 4) -
    9 * (dependents / size - 0.45) +
    5 * (earners / size - 0.4) -
    4 * disabled -
    (head?.sex === 'FEMALE' && head.maritalStatus !== 'MARRIED' ? 2 : 0) +
    4 * random.normal();
  return Math.round(Math.max(1, Math.min(99, score)) * 10) / 10;
}
